package io.billingsdk.costs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** An object of a file, whose fields are all asked for; one that nobody knows is refused. */
final class StrictNode {
  private final JsonNode node;
  private final String path;
  private final Set<String> asked = new HashSet<>();

  private StrictNode(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** Reads an object, and refuses fields that the reader has not asked for. */
  static <T> T read(JsonNode node, String path, Function<StrictNode, T> reader) {
    if (!node.isObject()) {
      throw new CostInputException(path, "an object", node.getNodeType());
    }
    StrictNode object = new StrictNode(node, path);
    T value;
    try {
      value = reader.apply(object);
    } catch (CostInputException e) {
      throw path.isEmpty() || e.field().startsWith(path) ? e : e.inside(path);
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!object.asked.contains(name)) {
                throw new CostInputException(
                    object.at(name), "one of " + new TreeSet<>(object.asked), "unknown");
              }
            });
    return value;
  }

  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  JsonNode get(String name) {
    asked.add(name);
    return node.path(name);
  }

  boolean has(String name) {
    asked.add(name);
    return node.hasNonNull(name);
  }

  String text(String name) {
    JsonNode value = get(name);
    if (!value.isTextual()) {
      throw new CostInputException(at(name), "a text", value.getNodeType());
    }
    return value.asText();
  }

  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  boolean flag(String name) {
    JsonNode value = get(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new CostInputException(at(name), "true or false", value);
    }
    return value.asBoolean(false);
  }

  /** A number, or the same as a text. */
  BigDecimal decimal(String name) {
    JsonNode value = get(name);
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (!value.isTextual()) {
      throw new CostInputException(at(name), "a decimal", value.getNodeType());
    }
    return Check.decimal(at(name), value.asText());
  }

  BigDecimal decimal(String name, BigDecimal absent) {
    return has(name) ? decimal(name) : absent;
  }

  Optional<Instant> instant(String name) {
    try {
      return optionalText(name).map(Instant::parse);
    } catch (DateTimeException e) {
      throw new CostInputException(at(name), "a moment, such as 2026-01-01T00:00:00Z", get(name));
    }
  }

  Optional<LocalDate> day(String name) {
    try {
      return optionalText(name).map(LocalDate::parse);
    } catch (DateTimeException e) {
      throw new CostInputException(at(name), "a day, such as 2026-01-01", get(name));
    }
  }

  /** The objects of a list, which may be absent. */
  <T> List<T> list(String name, Function<StrictNode, T> reader) {
    JsonNode list = get(name);
    if (!list.isMissingNode() && !list.isArray()) {
      throw new CostInputException(at(name), "a list", list.getNodeType());
    }
    List<T> values = new ArrayList<>();
    for (JsonNode each : list) {
      values.add(read(each, at(name) + "[" + values.size() + "]", reader));
    }
    return values;
  }
}
