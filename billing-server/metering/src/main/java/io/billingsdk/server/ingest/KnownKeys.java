package io.billingsdk.server.ingest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.SqlArrays;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes keys out of what is kept of a refused event that look like nothing in particular, such as
 * those of protocol v1: it asks the table of keys for each word.
 */
final class KnownKeys {
  /** Shorter words are not looked at; they are no secrets. */
  private static final int SHORTEST = 4;

  private static final String BETWEEN_WORDS = "[^!-~]+|[\"',;:=&?<>()\\[\\]{}\\\\]+";

  private static final String KNOWN =
      "SELECT encode(sha256, 'hex') FROM api_key WHERE sha256 = ANY (:words)";

  private KnownKeys() {}

  /** The contents, with a mask in place of each key that is known. */
  static List<String> masked(Connection connection, List<String> contents) throws SQLException {
    Map<String, String> words = new HashMap<>();
    for (String content : contents) {
      RejectedEventJson.tree(content)
          .ifPresentOrElse(tree -> collect(tree, words), () -> collect(content, words));
    }
    List<String> keys = known(connection, words);
    if (keys.isEmpty()) {
      return contents;
    }
    // The longest first: one key may be a part of another.
    keys.sort(Comparator.comparingInt(String::length).reversed());
    return contents.stream().map(content -> masked(content, keys)).toList();
  }

  private static String masked(String content, List<String> keys) {
    String masked = content;
    for (String key : keys) {
      String written = new String(JsonStringEncoder.getInstance().quoteAsString(key));
      masked = masked.replace(written, KeyMask.MASK).replace(key, KeyMask.MASK);
    }
    return masked;
  }

  private static void collect(JsonNode node, Map<String, String> words) {
    if (node.isTextual()) {
      collect(node.textValue(), words);
    }
    node.properties()
        .forEach(
            each -> {
              collect(each.getKey(), words);
              collect(each.getValue(), words);
            });
    if (node.isArray()) {
      node.forEach(each -> collect(each, words));
    }
  }

  /** The text as a whole and its words, by their hashes. */
  private static void collect(String text, Map<String, String> words) {
    add(text, words);
    for (String word : text.split(BETWEEN_WORDS, -1)) {
      add(word, words);
      // At the end of a sentence.
      add(word.replaceAll("[.!]+$", ""), words);
    }
  }

  private static void add(String word, Map<String, String> words) {
    if (word.length() >= SHORTEST && Bounds.isWellFormedKey(word)) {
      words.put(KeyRef.sha256(word), word);
    }
  }

  private static List<String> known(Connection connection, Map<String, String> words)
      throws SQLException {
    if (words.isEmpty()) {
      return new ArrayList<>();
    }
    List<String> hashes =
        Database.joined(
            connection,
            handle ->
                handle
                    .createQuery(KNOWN)
                    .bind("words", SqlArrays.hashes(words.keySet()))
                    .mapTo(String.class)
                    .list());
    List<String> known = new ArrayList<>();
    for (String hash : hashes) {
      String word = words.get(hash);
      if (word != null) {
        known.add(word);
      }
    }
    return known;
  }
}
