package io.billingsdk.costs.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One line of {@code cost-cases.jsonl}, and what differed from it. Confined to one thread. */
final class CostCase {
  private static final String FILE = "/cost-cases.jsonl";

  /** Parts of an expectation that are words, or that name a wrong answer. */
  private static final Set<String> PROSE = Set.of("wrong", "note", "round", "history");

  private final ObjectNode line;
  private final List<String> differences = new ArrayList<>();
  private int compared;

  private CostCase(ObjectNode line) {
    this.line = line;
  }

  static List<CostCase> all() {
    try (InputStream in = Objects.requireNonNull(CostCase.class.getResourceAsStream(FILE), FILE)) {
      List<CostCase> cases = new ArrayList<>();
      new ObjectMapper()
          .readerFor(ObjectNode.class)
          .<ObjectNode>readValues(in)
          .forEachRemaining(line -> cases.add(new CostCase(line)));
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode given() {
    return line.path("given");
  }

  JsonNode when() {
    return line.path("when");
  }

  JsonNode then() {
    return line.path("then");
  }

  String topic() {
    return line.path("topic").asText();
  }

  /** The case with one value of its expectation changed, for each that it has. */
  List<CostCase> changed() {
    List<CostCase> all = new ArrayList<>();
    int leaves = leaves((ObjectNode) then()).size();
    for (int i = 0; i < leaves; i++) {
      ObjectNode copy = line.deepCopy();
      leaves((ObjectNode) copy.path("then")).get(i).run();
      all.add(new CostCase(copy));
    }
    return all;
  }

  private static List<Runnable> leaves(ObjectNode node) {
    List<Runnable> changes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = field.getKey();
      if (PROSE.contains(key)) {
        continue;
      }
      if (field.getValue() instanceof ArrayNode list) {
        for (int i = 0; i < list.size(); i++) {
          int place = i;
          changes.add(() -> list.set(place, list.get(place).asText() + "1"));
        }
      } else if (field.getValue().isBoolean()) {
        boolean value = field.getValue().asBoolean();
        changes.add(() -> node.put(key, !value));
      } else {
        changes.add(() -> node.put(key, node.path(key).asText() + "1"));
      }
    }
    return changes;
  }

  void same(String key, Object found) {
    if (then().has(key)) {
      compare(key, then().path(key), found);
    }
  }

  void sameList(String key, List<?> found) {
    JsonNode list = then().path(key);
    compare(key + " size", JSON.numberNode(list.size()), found.size());
    for (int i = 0; i < Math.min(list.size(), found.size()); i++) {
      compare(key + "[" + i + "]", list.get(i), found.get(i));
    }
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private void compare(String what, JsonNode expected, Object found) {
    compared++;
    String text = found instanceof BigDecimal number ? number.toPlainString() : found.toString();
    boolean isSame =
        (isNumber(expected.asText()) && isNumber(text))
            ? new BigDecimal(expected.asText()).compareTo(new BigDecimal(text)) == 0
            : expected.asText().equals(text);
    if (!isSame) {
      differences.add(what + ": expected " + expected.asText() + " but was " + text);
    }
  }

  private static boolean isNumber(String text) {
    return text.matches("-?[0-9]+(\\.[0-9]+)?");
  }

  int compared() {
    return compared;
  }

  /** The differences; a value of the expectation that nothing compared is one. */
  List<String> differences() {
    List<String> all = new ArrayList<>(differences);
    int expected = leaves((ObjectNode) then()).size();
    if (compared < expected) {
      all.add("only " + compared + " of " + expected + " values were compared");
    }
    return all;
  }

  @Override
  public String toString() {
    return line.path("id").asText() + " " + topic();
  }
}
