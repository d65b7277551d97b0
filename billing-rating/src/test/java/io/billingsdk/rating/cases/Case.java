package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One line of {@code rating-cases.jsonl}, and what differed from it. Confined to one thread. */
final class Case {
  private static final String FILE = "/rating-cases.jsonl";

  /** Parts of an expectation that are words for the reader. */
  private static final Set<String> PROSE = Set.of("wrong", "never");

  final String id;
  final String topic;
  final JsonNode given;
  final JsonNode when;
  private final JsonNode then;
  private final List<String> differences = new ArrayList<>();
  private final Set<String> compared = new HashSet<>();
  private int values;

  private final ObjectNode line;

  private Case(ObjectNode line) {
    this.line = line;
    this.id = line.get("id").asText();
    this.topic = line.get("topic").asText();
    this.given = line.get("given");
    this.when = line.get("when");
    this.then = line.get("then");
  }

  /** Those of the file, or of another one that {@code -Dcases.file} names. */
  static List<Case> all() {
    try {
      ObjectMapper json = new ObjectMapper();
      List<Case> cases = new ArrayList<>();
      for (String line : text().lines().toList()) {
        cases.add(new Case((ObjectNode) json.readTree(line)));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text() throws IOException {
    String other = System.getProperty("cases.file");
    if (other != null) {
      return Files.readString(Path.of(other));
    }
    try (InputStream in = Objects.requireNonNull(Case.class.getResourceAsStream(FILE), FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The case with one value of its expectation changed, for each that it has. */
  List<Case> withOneValueChanged() {
    List<Case> changed = new ArrayList<>();
    int leaves = leaves(then).size();
    for (int i = 0; i < leaves; i++) {
      ObjectNode copy = line.deepCopy();
      leaves(copy.get("then")).get(i).run();
      changed.add(new Case(copy));
    }
    return changed;
  }

  /** Changes of each value below a node that is not prose. */
  private static List<Runnable> leaves(JsonNode node) {
    List<Runnable> changes = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      for (String key : Texts.keys(object)) {
        if (object.get(key).isValueNode() && !PROSE.contains(key)) {
          changes.add(() -> object.put(key, object.get(key).asText() + "1"));
        } else if (!PROSE.contains(key)) {
          changes.addAll(leaves(object.get(key)));
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        if (array.get(i).isValueNode()) {
          changes.add(() -> array.set(index, array.get(index).asText() + "1"));
        } else {
          changes.addAll(leaves(array.get(i)));
        }
      }
    }
    return changes;
  }

  String currency() {
    return given.path("currency").asText("USD");
  }

  String policy() {
    return given.path("policy").asText();
  }

  boolean expects(String key) {
    return then.has(key);
  }

  JsonNode expected(String key) {
    compared.add(key);
    return Objects.requireNonNull(then.get(key), () -> id + " expects no " + key);
  }

  /** Compares a value with what the case expects under a key, if it does. */
  void same(String key, Object found) {
    if (then.has(key)) {
      same(key, expected(key), found);
    }
  }

  /** Compares a value with a node of the case. */
  void same(String what, JsonNode expected, Object found) {
    values++;
    if (!Texts.same(expected.asText(), found.toString())) {
      differences.add(what + ": expected " + expected.asText() + " but was " + found);
    }
  }

  /** Compares a list with a node of the case, one by one. */
  void sameList(String what, JsonNode expected, List<?> found) {
    if (expected.size() != found.size()) {
      differences.add(what + ": expected " + expected + " but was " + found);
    }
    for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
      same(what + "[" + i + "]", expected.get(i), found.get(i));
    }
  }

  void sameList(String key, List<?> found) {
    if (then.has(key)) {
      sameList(key, expected(key), found);
    }
  }

  int values() {
    return values;
  }

  /** What is wrong, of which a part that nobody compared is one. */
  List<String> differences() {
    List<String> all = new ArrayList<>(differences);
    then.fieldNames()
        .forEachRemaining(
            key -> {
              if (!compared.contains(key) && !PROSE.contains(key)) {
                all.add(key + ": never compared");
              }
            });
    return all;
  }

  @Override
  public String toString() {
    return id + " " + topic;
  }
}
