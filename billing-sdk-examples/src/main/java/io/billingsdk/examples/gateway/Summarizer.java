package io.billingsdk.examples.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Summarises text by picking from it the sentences whose words occur most often in all of it, in
 * their order. The same text gives the same summary.
 */
final class Summarizer {
  private static final Pattern END_OF_SENTENCE = Pattern.compile("(?<=[.!?])\\s+|(?<=[。！？])|\\R+");
  private static final Pattern NOT_LETTERS = Pattern.compile("[^\\p{L}]+");

  /** Shorter words are mostly articles and prepositions, in the languages that have them. */
  private static final int SHORTEST_WORD = 4;

  private Summarizer() {}

  static String summarize(String text, int maxSentences) {
    List<String> sentences = sentences(text);
    Map<String, Integer> frequencies = new HashMap<>();
    sentences.forEach(s -> words(s).forEach(word -> frequencies.merge(word, 1, Integer::sum)));
    List<Integer> best =
        IntStream.range(0, sentences.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -weight(sentences.get(i), frequencies))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(maxSentences)
            .sorted()
            .toList();
    return String.join(" ", best.stream().map(sentences::get).toList());
  }

  private static double weight(String sentence, Map<String, Integer> frequencies) {
    List<String> words = words(sentence);
    int sum = words.stream().mapToInt(word -> frequencies.getOrDefault(word, 0)).sum();
    return words.isEmpty() ? 0 : (double) sum / words.size();
  }

  private static List<String> sentences(String text) {
    List<String> sentences = new ArrayList<>();
    for (String sentence : END_OF_SENTENCE.split(text, -1)) {
      if (!sentence.isBlank()) {
        sentences.add(sentence.strip());
      }
    }
    return sentences;
  }

  private static List<String> words(String sentence) {
    List<String> words = new ArrayList<>();
    for (String word : NOT_LETTERS.split(sentence.toLowerCase(Locale.ROOT), -1)) {
      if (word.length() >= SHORTEST_WORD) {
        words.add(word);
      }
    }
    return words;
  }
}
