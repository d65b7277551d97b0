package io.billingsdk.examples.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a text is free of the words in the block {@code no-list} of docs/style.md. */
final class WordCheck {
  private final List<Pattern> words;

  private WordCheck(List<Pattern> words) {
    this.words = words;
  }

  /** Reads the list from the page on style. */
  static WordCheck of(Page style) {
    List<Pattern> words =
        style.blocks().stream()
            .filter(block -> block.startsWith("```no-list\n"))
            .flatMap(block -> block.lines().skip(1))
            .filter(line -> !line.isBlank() && !line.startsWith("```"))
            .map(line -> Pattern.compile(line, Pattern.CASE_INSENSITIVE))
            .toList();
    return new WordCheck(words);
  }

  int size() {
    return words.size();
  }

  /** One problem for each line and word of the list that is in it. */
  List<String> problems(String name, List<String> lines) {
    List<String> problems = new ArrayList<>();
    for (String line : lines) {
      String text = line.replaceFirst("^[\\s*#>|0-9.-]+", "").replaceAll("\\| *|\\*\\*", ". ");
      for (Pattern word : words) {
        var found = word.matcher(text);
        while (found.find()) {
          int from = Math.max(0, found.start() - 30);
          int to = Math.min(text.length(), found.end() + 30);
          problems.add(name + ": " + word + ": …" + text.substring(from, to) + "…");
        }
      }
    }
    return problems;
  }
}
