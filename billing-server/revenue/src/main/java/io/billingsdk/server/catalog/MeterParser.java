package io.billingsdk.server.catalog;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.Meter.MeterValue;
import io.billingsdk.server.catalog.Meter.ValueKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads a meter of a plan file, a body or its row. */
final class MeterParser {
  static final int UNIT_CHARS = 32;
  static final int MOST_MODELS = 100;

  private static final int MOST_METADATA = 8;
  private static final String QUANTITIES = "quantities.";
  private static final String METADATA = "metadata.";
  private static final Map<String, Aggregation> AGGREGATIONS = words(Aggregation.values());
  private static final Set<ValueKind> NUMBERS =
      EnumSet.of(ValueKind.USAGE, ValueKind.QUANTITY, ValueKind.ONE);

  private MeterParser() {}

  static Meter read(Fields fields) {
    return read(fields.slug("slug"), fields);
  }

  /** The same where the slug stands elsewhere. */
  static Meter read(String slug, Fields fields) {
    Meter meter =
        new Meter(
            slug,
            fields.text("unit", UNIT_CHARS),
            fields.optionalText("module", Bounds.NAME_CHARS).orElse(null),
            ModelPatterns.read(fields, "models", MOST_MODELS),
            metadata(fields),
            value(fields),
            fields
                .choice("aggregation", AGGREGATIONS)
                .orElseThrow(
                    () ->
                        fields.wrong(
                            "aggregation", "one of " + String.join(", ", AGGREGATIONS.keySet()))));
    requireFitting(fields, meter);
    fields.end();
    return meter;
  }

  private static Map<String, String> metadata(Fields fields) {
    Map<String, String> metadata = new LinkedHashMap<>();
    fields
        .object("metadata")
        .ifPresent(
            object ->
                object
                    .names(MOST_METADATA)
                    .forEach(
                        name ->
                            metadata.put(name, object.text(name, Bounds.METADATA_STRING_CHARS))));
    return metadata;
  }

  private static MeterValue value(Fields fields) {
    String text = fields.text("value", Bounds.NAME_CHARS);
    if (text.startsWith(QUANTITIES)) {
      String name = text.substring(QUANTITIES.length());
      if (name.matches("[a-z0-9_]{1,64}")) {
        return MeterValue.quantity(name);
      }
    }
    if (text.startsWith(METADATA) && text.length() > METADATA.length()) {
      return new MeterValue(ValueKind.METADATA, text.substring(METADATA.length()));
    }
    return switch (text) {
      case "usage" -> MeterValue.USAGE;
      case "one" -> MeterValue.ONE;
      case "subject" -> new MeterValue(ValueKind.SUBJECT, "");
      case "session" -> new MeterValue(ValueKind.SESSION, "");
      case "execution" -> new MeterValue(ValueKind.EXECUTION, "");
      default ->
          throw fields.wrong(
              "value",
              "one of usage, one, quantities.NAME, subject, session, execution, metadata.NAME");
    };
  }

  private static void requireFitting(Fields fields, Meter meter) {
    ValueKind kind = meter.value().kind();
    switch (meter.aggregation()) {
      case COUNT -> require(fields, kind == ValueKind.ONE, "one, since events are counted");
      case UNIQUE ->
          require(
              fields,
              !NUMBERS.contains(kind),
              "one of subject, session, execution, metadata.NAME, since different ones are"
                  + " counted");
      default ->
          require(fields, NUMBERS.contains(kind), "one of usage, one, quantities.NAME: a number");
    }
  }

  private static void require(Fields fields, boolean holds, String expected) {
    if (!holds) {
      throw fields.wrong("value", expected);
    }
  }

  static <E extends Enum<E>> Map<String, E> words(E[] values) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E each : List.of(values)) {
      words.put(word(each), each);
    }
    return words;
  }

  /** {@code FLAT_IN_ADVANCE} is {@code flatInAdvance} in a file. */
  static String word(Enum<?> value) {
    StringBuilder word = new StringBuilder();
    boolean up = false;
    for (char each : value.name().toLowerCase(Locale.ROOT).toCharArray()) {
      if (each == '_') {
        up = true;
      } else {
        word.append(up ? Character.toUpperCase(each) : each);
        up = false;
      }
    }
    return word.toString();
  }
}
