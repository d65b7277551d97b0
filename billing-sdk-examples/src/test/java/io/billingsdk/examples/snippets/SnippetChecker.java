package io.billingsdk.examples.snippets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the Java blocks of a Markdown text that follow a line {@code <!-- snippet: File.java#region
 * -->} against the regions of source files, except for their indentation. It looks for a file in
 * each folder of sources.
 */
final class SnippetChecker {
  private static final Pattern MARKER = Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->");

  private final List<Path> sources;
  private final List<String> problems = new ArrayList<>();
  private int checked;

  private SnippetChecker(List<Path> sources) {
    this.sources = sources;
  }

  /** What was found: how many blocks were compared, and what is wrong. */
  record Findings(int checked, List<String> problems) {}

  static Findings check(String markdown, Path... sources) throws IOException {
    SnippetChecker checker = new SnippetChecker(List.of(sources));
    List<String> lines = markdown.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher marker = MARKER.matcher(lines.get(i).strip());
      if (marker.matches()) {
        checker.compare(marker.group(1), marker.group(2), block(lines, i + 1));
      }
    }
    return new Findings(checker.checked, List.copyOf(checker.problems));
  }

  /** The text with each marked block replaced by its region; a block without one stays. */
  static String updated(String markdown, Path... sources) throws IOException {
    SnippetChecker checker = new SnippetChecker(List.of(sources));
    List<String> lines = markdown.lines().toList();
    List<String> updated = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      updated.add(lines.get(i));
      Matcher marker = MARKER.matcher(lines.get(i).strip());
      Optional<Path> source = marker.matches() ? checker.source(marker.group(1)) : Optional.empty();
      if (source.isPresent() && !block(lines, i + 1).isEmpty()) {
        updated.add(lines.get(++i));
        updated.add(region(Files.readAllLines(source.get()), marker.group(2)));
        while (!lines.get(i + 1).strip().equals("```")) {
          i++;
        }
      }
    }
    return String.join("\n", updated) + "\n";
  }

  private Optional<Path> source(String file) {
    return sources.stream().map(each -> each.resolve(file)).filter(Files::exists).findFirst();
  }

  private void compare(String file, String region, String block) throws IOException {
    checked++;
    Optional<Path> source = source(file);
    if (source.isEmpty()) {
      problems.add(file + ": no such file");
      return;
    }
    String expected = region(Files.readAllLines(source.get()), region);
    if (expected.isEmpty()) {
      problems.add(file + ": no region " + region);
    } else if (!block.equals(expected)) {
      problems.add(file + "#" + region + " differs:\n" + block + "\ninstead of\n" + expected);
    }
  }

  /** The Java block that begins at a line; empty when there is none. */
  private static String block(List<String> lines, int from) {
    if (from >= lines.size() || !lines.get(from).strip().equals("```java")) {
      return "";
    }
    List<String> block = new ArrayList<>();
    for (int i = from + 1; i < lines.size() && !lines.get(i).strip().equals("```"); i++) {
      block.add(lines.get(i));
    }
    return flush(block);
  }

  private static String region(List<String> lines, String name) {
    List<String> region = new ArrayList<>();
    boolean inside = false;
    for (String line : lines) {
      if (line.strip().equals("// region " + name)) {
        inside = true;
      } else if (line.strip().equals("// endregion")) {
        inside = false;
      } else if (inside) {
        region.add(line);
      }
    }
    return flush(region);
  }

  /** Without the indentation that all lines share, and without trailing space. */
  private static String flush(List<String> lines) {
    return String.join("\n", lines).stripIndent().stripTrailing();
  }
}
