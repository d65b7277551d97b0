package io.billingsdk.server.catalog;

import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How usage is measured: which events count, what of each, and how they become one number.
 * Immutable.
 *
 * @param slug its name, 1 to 64 of a-z 0-9 _ . -
 * @param unit the counted thing, such as {@code call} or {@code token}, 1 to 32 characters
 * @param module only events of this module; null for all
 * @param models names of models, or beginnings of names followed by {@code *}; empty for all
 * @param metadata only events with these fields of the metadata, at most 8: texts as they are,
 *     numbers by their digits, {@code true} and {@code false}; a null, a list or a map equals
 *     nothing
 * @param value what of an event counts
 * @param aggregation how the values of a period become one number
 */
public record Meter(
    String slug,
    String unit,
    @Nullable String module,
    List<String> models,
    Map<String, String> metadata,
    MeterValue value,
    Aggregation aggregation) {
  /** Copies list and map. */
  public Meter {
    models = List.copyOf(models);
    metadata = java.util.Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  /** How the values of a period become one number. */
  public enum Aggregation {
    /** Their sum, with all corrections. */
    SUM,
    /** How many events there are. */
    COUNT,
    /** The highest. */
    MAX,
    /** That of the latest event, by the time of use. */
    LATEST,
    /** How many different ones there are. */
    UNIQUE
  }

  /** What of an event a value is. */
  public enum ValueKind {
    /** Its usage. */
    USAGE,
    /** 1. */
    ONE,
    /** A quantity; 0 where the event has none of that name. */
    QUANTITY,
    /** Who used it: for {@link Aggregation#UNIQUE}. */
    SUBJECT,
    /** The session: for {@link Aggregation#UNIQUE}. */
    SESSION,
    /** The execution: for {@link Aggregation#UNIQUE}. */
    EXECUTION,
    /** A field of the metadata: for {@link Aggregation#UNIQUE}. */
    METADATA
  }

  /**
   * What of an event counts.
   *
   * @param name of the quantity or of the field of the metadata; empty for the others
   */
  public record MeterValue(ValueKind kind, String name) {
    /** The usage of an event. */
    public static final MeterValue USAGE = new MeterValue(ValueKind.USAGE, "");

    /** 1 for each event. */
    public static final MeterValue ONE = new MeterValue(ValueKind.ONE, "");

    /** A quantity of the event. */
    public static MeterValue quantity(String name) {
      return new MeterValue(ValueKind.QUANTITY, name);
    }
  }

  /** Whether events of a model can count: their metadata may still say that they do not. */
  public boolean reads(String ofModule, String model) {
    return (module == null || module.equals(ofModule))
        && (models.isEmpty() || models.stream().anyMatch(each -> isModel(each, model)));
  }

  /** Whether a row of the ledger is one of those that count. */
  public boolean matches(AppendedEvent event) {
    return reads(event.module(), event.model())
        && (metadata.isEmpty() || hasMetadata(event.metadata()));
  }

  /**
   * What a row of the ledger adds to a sum or a count: a correction the difference of its usage,
   * and to a count nothing.
   */
  public BigDecimal valueOf(AppendedEvent event) {
    if (aggregation == Aggregation.COUNT || value.kind() == ValueKind.ONE) {
      return event.kind() == AppendKind.CORRECTION ? BigDecimal.ZERO : BigDecimal.ONE;
    }
    return value.kind() == ValueKind.QUANTITY
        ? event.details().quantities().getOrDefault(value.name(), BigDecimal.ZERO)
        : event.usage();
  }

  /**
   * What services count it as, who know no catalog: {@code calls}, {@code usage}, or the name of a
   * quantity. One that counts by more than these keeps its slug.
   */
  public String countedAs() {
    if (isFiltered()) {
      return slug;
    }
    return switch (aggregation) {
      case COUNT -> "calls";
      case SUM ->
          switch (value.kind()) {
            case ONE -> "calls";
            case USAGE -> "usage";
            case QUANTITY -> value.name();
            default -> slug;
          };
      default -> slug;
    };
  }

  /** Whether some events do not count. */
  public boolean isFiltered() {
    return module != null || !models.isEmpty() || !metadata.isEmpty();
  }

  /** Whether a name is the one of a pattern, or begins as it does before its {@code *}. */
  static boolean isModel(String pattern, String model) {
    return pattern.endsWith("*")
        ? model.startsWith(pattern.substring(0, pattern.length() - 1))
        : model.equals(pattern);
  }

  private boolean hasMetadata(@Nullable String json) {
    if (json == null) {
      return false;
    }
    Map<String, String> texts = MetadataTexts.of(json);
    return metadata.entrySet().stream()
        .allMatch(each -> each.getValue().equals(texts.get(each.getKey())));
  }
}
