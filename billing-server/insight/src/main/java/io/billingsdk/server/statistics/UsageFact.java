package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.statistics.Tally.Cell;
import io.billingsdk.server.statistics.Tally.Name;
import io.billingsdk.server.statistics.UsageProfile.CounterSpec;
import io.billingsdk.server.statistics.UsageProfile.EventSpec;
import io.billingsdk.server.statistics.UsageProfile.FieldSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An event of a profile: its type, and the fields that the profile knows. Immutable.
 *
 * @param fields in one form: numbers without zeros at their ends, flags as {@code true} or {@code
 *     false}; those that were left out have their standard value, if the profile has one
 */
record UsageFact(String type, SortedMap<String, String> fields) {
  /** The label of an event that does not have the field. */
  static final String UNKNOWN = "unknown";

  private static final int TEXT_CHARS = 128;

  /** Why metadata are no event of a profile. */
  record Fault(String field, String expected) {}

  /** An event, or why it is none. */
  record Read(Optional<UsageFact> fact, Optional<Fault> fault) {
    private static Read of(UsageFact fact) {
      return new Read(Optional.of(fact), Optional.empty());
    }

    private static Read wrong(String field, String expected) {
      return new Read(Optional.empty(), Optional.of(new Fault(field, expected)));
    }
  }

  /** Reads an event; fields that the profile does not know are left out. */
  static Read read(UsageProfile profile, String type, JsonNode metadata) {
    EventSpec spec = profile.events().get(type);
    if (spec == null) {
      return Read.wrong("event_type", "one of " + String.join(", ", profile.events().keySet()));
    }
    if (!metadata.isObject() && !metadata.isMissingNode() && !metadata.isNull()) {
      return Read.wrong("metadata", "an object");
    }
    SortedMap<String, String> fields = new TreeMap<>();
    for (Map.Entry<String, FieldSpec> each : spec.fields().entrySet()) {
      String name = each.getKey();
      JsonNode value = metadata.path(name);
      if (value.isMissingNode() || value.isNull()) {
        if (each.getValue().required()) {
          return Read.wrong("metadata." + name, expected(each.getValue()));
        }
        Optional.ofNullable(each.getValue().standard())
            .ifPresent(standard -> fields.put(name, standard));
        continue;
      }
      Optional<String> text = text(each.getValue(), value);
      if (text.isEmpty()) {
        return Read.wrong("metadata." + name, expected(each.getValue()));
      }
      fields.put(name, text.get());
    }
    return Read.of(new UsageFact(type, fields));
  }

  private static Optional<String> text(FieldSpec spec, JsonNode value) {
    return switch (spec.type()) {
      case FLAG -> value.isBoolean() ? Optional.of(value.asText()) : Optional.empty();
      case TEXT ->
          Optional.of(value)
              .filter(JsonNode::isTextual)
              .map(JsonNode::textValue)
              .filter(text -> isText(spec, text));
      case NUMBER ->
          Optional.of(value)
              .filter(JsonNode::isNumber)
              .map(JsonNode::decimalValue)
              .filter(Bounds::isUsage)
              .map(number -> Decimals.plain(number).toPlainString());
    };
  }

  private static boolean isText(FieldSpec spec, String text) {
    return !text.isBlank()
        && text.length() <= TEXT_CHARS
        && Bounds.isWellFormedText(text)
        && (spec.values().isEmpty() || spec.values().contains(text));
  }

  private static String expected(FieldSpec spec) {
    return switch (spec.type()) {
      case FLAG -> "true or false";
      case NUMBER -> "a number from 0 to 2^53, with at most 18 decimals";
      case TEXT ->
          spec.values().isEmpty()
              ? "a text of 1 to " + TEXT_CHARS + " characters"
              : "one of " + String.join(", ", spec.values().stream().sorted().toList());
    };
  }

  /** The field that is its usage in the ledger; 1 for an event that is one use and no more. */
  BigDecimal usage(UsageProfile profile) {
    EventSpec spec = profile.events().get(type);
    String measure = spec == null ? null : spec.measure();
    return measure == null ? BigDecimal.ONE : number(measure);
  }

  private BigDecimal number(String field) {
    return new BigDecimal(fields.getOrDefault(field, "0"));
  }

  /** Its fields as the metadata of an event in the ledger. */
  ObjectNode metadata(UsageProfile profile) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    EventSpec spec = profile.events().get(type);
    fields.forEach(
        (name, text) -> {
          FieldSpec field = spec == null ? null : spec.fields().get(name);
          if (field == null) {
            return;
          }
          switch (field.type()) {
            case NUMBER -> metadata.set(name, DecimalNode.valueOf(new BigDecimal(text)));
            case FLAG -> metadata.put(name, text.equals("true"));
            case TEXT -> metadata.put(name, text);
          }
        });
    return metadata;
  }

  /** Its fields without the measure, which is the usage in the ledger. */
  ObjectNode kept(UsageProfile profile) {
    EventSpec spec = profile.events().get(type);
    ObjectNode kept = metadata(profile);
    if (spec != null && spec.measure() != null) {
      kept.remove(List.of(spec.measure()));
    }
    return kept;
  }

  /**
   * What it adds to the counters of its profile.
   *
   * @param usage of the ledger, which may differ from the field that was sent
   */
  Tally counted(UsageProfile profile, BigDecimal usage, Instant at) {
    SortedMap<Name, Cell> cells = new TreeMap<>();
    profile
        .counters()
        .forEach(
            (name, counter) -> {
              if (fits(counter)) {
                BigDecimal amount = amount(profile, counter, usage);
                cells.put(new Name(name, label(counter)), new Cell(amount, at, at));
              }
            });
    return new Tally(cells);
  }

  /**
   * What a correction of it adds: it is one of usage, and no event of its own.
   *
   * @param difference of usage, which may be negative
   */
  Tally corrected(UsageProfile profile, BigDecimal difference) {
    SortedMap<Name, Cell> cells = new TreeMap<>();
    EventSpec spec = profile.events().get(type);
    String measure = spec == null ? null : spec.measure();
    profile
        .counters()
        .forEach(
            (name, counter) -> {
              if (measure != null && measure.equals(counter.sum()) && fits(counter)) {
                cells.put(new Name(name, label(counter)), new Cell(difference, null, null));
              }
            });
    return new Tally(cells);
  }

  private boolean fits(CounterSpec counter) {
    return counter.event().equals(type)
        && counter.where().entrySet().stream()
            .allMatch(each -> each.getValue().equals(fields.get(each.getKey())));
  }

  private String label(CounterSpec counter) {
    return counter.by() == null ? "" : fields.getOrDefault(counter.by(), UNKNOWN);
  }

  private BigDecimal amount(UsageProfile profile, CounterSpec counter, BigDecimal usage) {
    String sum = counter.sum();
    if (sum == null) {
      return BigDecimal.ONE;
    }
    EventSpec spec = profile.events().get(type);
    return spec != null && sum.equals(spec.measure()) ? usage : number(sum);
  }
}
