package io.billingsdk.internal.client;

import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.protocol.Bounds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds an event against the {@link Bounds}. Each refusal names the field, what was expected and
 * what was found, and never the content of a key or of the metadata.
 */
final class EventValidator {
  private static final long DAY_MILLIS = 86_400_000;
  private static final int MAX_NUMBER_BITS = 512;

  /** Places before or after its digits; ten bytes of 1E999999999 fill a receiver's memory. */
  private static final int MAX_DECIMAL_PLACES = 128;

  private EventValidator() {}

  /** Null when the event is within the bounds. */
  static @Nullable Rejected check(@Nullable UsageEvent event, long nowMillis) {
    if (event == null) {
      return invalid("event", "must not be null");
    }
    Rejected refused = checkKey(event.apiKey());
    refused = refused == null ? checkName("module", event.module()) : refused;
    refused = refused == null ? checkName("model", event.model()) : refused;
    refused = refused == null ? checkNumbers(event) : refused;
    refused = refused == null ? checkUser(event) : refused;
    refused = refused == null ? checkTime(event.time(), nowMillis) : refused;
    refused = refused == null ? checkIdempotencyKey(event.idempotencyKey()) : refused;
    return refused == null && event.metadata() != null ? checkMetadata(event.metadata()) : refused;
  }

  private static @Nullable Rejected checkIdempotencyKey(@Nullable String key) {
    return key == null || Bounds.isWellFormedIdempotencyKey(key)
        ? null
        : invalid(
            "idempotencyKey",
            "must be 1 to "
                + Bounds.IDEMPOTENCY_KEY_CHARS
                + " printable ASCII characters without space, but has "
                + (key.length() > Bounds.IDEMPOTENCY_KEY_CHARS ? key.length() : "others"));
  }

  private static @Nullable Rejected checkKey(@Nullable String apiKey) {
    String expected = "must be 1 to " + Bounds.API_KEY_CHARS + " printable ASCII characters";
    if (apiKey == null) {
      return invalid("apiKey", expected + ", but was null");
    }
    if (apiKey.isBlank()) {
      return invalid("apiKey", expected + ", but was blank");
    }
    if (Bounds.isWellFormedKey(apiKey)) {
      return null;
    }
    return invalid(
        "apiKey",
        apiKey.length() > Bounds.API_KEY_CHARS
            ? expected + ", but has " + apiKey.length()
            : expected + " without space, but has others");
  }

  private static @Nullable Rejected checkName(String field, @Nullable String name) {
    String expected = "must be 1 to " + Bounds.NAME_CHARS + " characters";
    if (name == null || name.isBlank()) {
      return invalid(field, expected + ", but was " + (name == null ? "null" : "blank"));
    }
    if (name.length() > Bounds.NAME_CHARS) {
      return invalid(field, expected + ", but has " + name.length());
    }
    return Bounds.isWellFormedText(name) ? null : illFormed(field);
  }

  private static @Nullable Rejected checkNumbers(UsageEvent event) {
    Rejected refused = checkAmount("usage", event.usage());
    Map<String, @Nullable BigDecimal> quantities = event.quantities();
    if (refused != null || quantities.isEmpty()) {
      return refused;
    }
    if (quantities.size() > Bounds.QUANTITIES) {
      return invalid(
          "quantities",
          "must have at most " + Bounds.QUANTITIES + " entries, but has " + quantities.size());
    }
    for (Map.Entry<String, @Nullable BigDecimal> each : quantities.entrySet()) {
      refused = checkQuantity(each.getKey(), each.getValue());
      if (refused != null) {
        return refused;
      }
    }
    return null;
  }

  private static @Nullable Rejected checkQuantity(
      @Nullable String name, @Nullable BigDecimal quantity) {
    if (name == null || !Bounds.isQuantityName(name)) {
      return invalid(
          "quantities", "names must be 1 to " + Bounds.QUANTITY_NAME_CHARS + " of a-z, 0-9 and _");
    }
    return checkAmount("quantities." + name, quantity);
  }

  private static @Nullable Rejected checkAmount(String field, @Nullable BigDecimal number) {
    // The bits first: to count the digits of a million of them takes seconds.
    if (number != null
        && number.unscaledValue().bitLength() <= MAX_NUMBER_BITS
        && Bounds.isQuantity(number)) {
      return null;
    }
    return invalid(
        field,
        "must be a number from 0 to 2^53 with at most 18 decimals, but was " + shown(number));
  }

  private static String shown(@Nullable BigDecimal number) {
    if (number == null) {
      return "missing, NaN or infinite";
    }
    return number.unscaledValue().bitLength() <= MAX_NUMBER_BITS
        ? number.toString()
        : "a number of more than " + MAX_NUMBER_BITS + " bits";
  }

  private static @Nullable Rejected checkUser(UsageEvent event) {
    Rejected refused = checkOptionalName("subject", event.subject());
    refused = refused == null ? checkOptionalName("session", event.session()) : refused;
    return refused == null ? checkOptionalName("execution", event.execution()) : refused;
  }

  private static @Nullable Rejected checkOptionalName(String field, @Nullable String name) {
    return name == null ? null : checkName(field, name);
  }

  private static @Nullable Rejected checkTime(@Nullable Instant time, long nowMillis) {
    if (time == null
        || (time.getEpochSecond() >= 0
            && time.compareTo(Instant.ofEpochMilli(nowMillis + DAY_MILLIS)) <= 0)) {
      return null;
    }
    return invalid("time", "must be after 1970 and at most a day ahead of now, but was " + time);
  }

  private static @Nullable Rejected checkMetadata(Map<?, ?> metadata) {
    return checkMap("metadata", metadata, /* nestable= */ true);
  }

  private static @Nullable Rejected checkEntry(
      String parent, Map.Entry<?, ?> entry, boolean nestable) {
    if (!(entry.getKey() instanceof String name)
        || name.isEmpty()
        || name.length() > Bounds.METADATA_NAME_CHARS) {
      return invalid(
          parent, "names must be 1 to " + Bounds.METADATA_NAME_CHARS + " characters long");
    }
    if (!Bounds.isWellFormedText(name)) {
      return invalid(
          parent, "names must be well-formed Unicode, but one has an unpaired surrogate");
    }
    return checkValue(parent + "." + name, entry.getValue(), nestable);
  }

  private static @Nullable Rejected checkValue(
      String field, @Nullable Object value, boolean nestable) {
    if (value == null || value instanceof Boolean) {
      return null;
    }
    if (value instanceof String text) {
      return checkText(field, text);
    }
    if (value instanceof Number number) {
      return checkNumber(field, number);
    }
    if (!nestable && (value instanceof Map || value instanceof List)) {
      return invalid(field, "is nested too deep: one level of maps and lists is allowed");
    }
    if (value instanceof Map<?, ?> map) {
      return checkMap(field, map, /* nestable= */ false);
    }
    return value instanceof List<?> list
        ? checkList(field, list)
        : invalid(
            field,
            "must be a string, number, boolean, null, map or list, but was a "
                + value.getClass().getName());
  }

  private static @Nullable Rejected checkText(String field, String text) {
    if (text.length() > Bounds.METADATA_STRING_CHARS) {
      return invalid(
          field,
          "must have at most "
              + Bounds.METADATA_STRING_CHARS
              + " characters, but has "
              + text.length());
    }
    return Bounds.isWellFormedText(text) ? null : illFormed(field);
  }

  private static @Nullable Rejected checkNumber(String field, Number number) {
    boolean valid;
    if (number instanceof Double || number instanceof Float) {
      valid = Double.isFinite(number.doubleValue());
    } else if (number instanceof BigInteger integer) {
      valid = integer.bitLength() <= MAX_NUMBER_BITS;
    } else if (number instanceof BigDecimal decimal) {
      valid =
          decimal.unscaledValue().bitLength() <= MAX_NUMBER_BITS
              && decimal.scale() >= -MAX_DECIMAL_PLACES
              && decimal.scale() <= MAX_DECIMAL_PLACES;
    } else {
      valid =
          number instanceof Long
              || number instanceof Integer
              || number instanceof Short
              || number instanceof Byte;
    }
    return valid
        ? null
        : invalid(
            field,
            "must be a finite number of a JDK type, of at most "
                + MAX_NUMBER_BITS
                + " bits and a scale of at most "
                + MAX_DECIMAL_PLACES);
  }

  private static @Nullable Rejected checkMap(String field, Map<?, ?> map, boolean nestable) {
    Rejected refused = checkSize(field, map.size());
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    // Counted, because a size can lie: the caller must not be kept busy by a map without an end.
    for (int count = 1; refused == null && entries.hasNext(); count++) {
      refused = checkEntry(field, entries.next(), nestable);
      refused = refused == null ? checkSize(field, count) : refused;
    }
    return refused;
  }

  private static @Nullable Rejected checkList(String field, List<?> list) {
    Rejected refused = checkSize(field, list.size());
    Iterator<?> elements = list.iterator();
    for (int index = 0; refused == null && elements.hasNext(); index++) {
      refused = checkValue(field + "[" + index + "]", elements.next(), /* nestable= */ false);
      refused = refused == null ? checkSize(field, index + 1) : refused;
    }
    return refused;
  }

  private static @Nullable Rejected checkSize(String field, int entries) {
    return entries <= Bounds.METADATA_ENTRIES
        ? null
        : invalid(
            field, "must have at most " + Bounds.METADATA_ENTRIES + " entries, but has " + entries);
  }

  private static Rejected illFormed(String field) {
    return invalid(field, "must be well-formed Unicode without U+0000");
  }

  private static Rejected invalid(String field, String problem) {
    // A name of metadata is the caller's text: a line feed in it would forge a line of the log.
    String shown = field.replaceAll("\\p{Cntrl}", "?");
    return Rejected.of(RejectionReason.INVALID, shown, shown + " " + problem);
  }
}
