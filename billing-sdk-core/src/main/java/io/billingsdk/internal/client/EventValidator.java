package io.billingsdk.internal.client;

import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.wire.Bounds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
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

  private EventValidator() {}

  /** Null when the event is within the bounds. */
  static @Nullable Rejected check(@Nullable UsageEvent event, long nowMillis) {
    if (event == null) {
      return invalid("event", "must not be null");
    }
    Rejected refused = checkKey(event.apiKey());
    refused = refused == null ? checkName("module", event.module()) : refused;
    refused = refused == null ? checkName("model", event.model()) : refused;
    refused = refused == null ? checkUsage(event.usage()) : refused;
    refused = refused == null ? checkTime(event.time(), nowMillis) : refused;
    return refused == null && event.metadata() != null ? checkMetadata(event.metadata()) : refused;
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
    return name.length() > Bounds.NAME_CHARS
        ? invalid(field, expected + ", but has " + name.length())
        : null;
  }

  private static @Nullable Rejected checkUsage(double usage) {
    // Written so that NaN, which compares false with everything, is refused.
    if (usage >= 0 && usage <= Bounds.USAGE_MAX) {
      return null;
    }
    return invalid("usage", "must be a number from 0 to 2^53, but was " + usage);
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
    Rejected refused = checkSize("metadata", metadata.size());
    for (Map.Entry<?, ?> entry : metadata.entrySet()) {
      if (refused == null) {
        refused = checkEntry("metadata", entry, /* nestable= */ true);
      }
    }
    return refused;
  }

  private static @Nullable Rejected checkEntry(
      String parent, Map.Entry<?, ?> entry, boolean nestable) {
    if (!(entry.getKey() instanceof String name)
        || name.isEmpty()
        || name.length() > Bounds.METADATA_NAME_CHARS) {
      return invalid(
          parent, "names must be 1 to " + Bounds.METADATA_NAME_CHARS + " characters long");
    }
    return checkValue(parent + "." + name, entry.getValue(), nestable);
  }

  private static @Nullable Rejected checkValue(
      String field, @Nullable Object value, boolean nestable) {
    if (value == null || value instanceof Boolean) {
      return null;
    }
    if (value instanceof String text) {
      return text.length() <= Bounds.METADATA_STRING_CHARS
          ? null
          : invalid(
              field,
              "must have at most "
                  + Bounds.METADATA_STRING_CHARS
                  + " characters, but has "
                  + text.length());
    }
    if (value instanceof Number number) {
      return checkNumber(field, number);
    }
    if (!nestable && (value instanceof Map || value instanceof List)) {
      return invalid(field, "is nested too deep: one level of maps and lists is allowed");
    }
    if (value instanceof Map<?, ?> map) {
      return checkMap(field, map);
    }
    return value instanceof List<?> list
        ? checkList(field, list)
        : invalid(
            field,
            "must be a string, number, boolean, null, map or list, but was a "
                + value.getClass().getName());
  }

  private static @Nullable Rejected checkNumber(String field, Number number) {
    boolean valid;
    if (number instanceof Double || number instanceof Float) {
      valid = Double.isFinite(number.doubleValue());
    } else if (number instanceof BigInteger integer) {
      valid = integer.bitLength() <= MAX_NUMBER_BITS;
    } else if (number instanceof BigDecimal decimal) {
      valid = decimal.unscaledValue().bitLength() <= MAX_NUMBER_BITS;
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
            field, "must be a finite number of at most " + MAX_NUMBER_BITS + " bits of a JDK type");
  }

  private static @Nullable Rejected checkMap(String field, Map<?, ?> map) {
    Rejected refused = checkSize(field, map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (refused == null) {
        refused = checkEntry(field, entry, /* nestable= */ false);
      }
    }
    return refused;
  }

  private static @Nullable Rejected checkList(String field, List<?> list) {
    Rejected refused = checkSize(field, list.size());
    int index = 0;
    for (Object element : list) {
      if (refused == null) {
        refused = checkValue(field + "[" + index++ + "]", element, /* nestable= */ false);
      }
    }
    return refused;
  }

  private static @Nullable Rejected checkSize(String field, int entries) {
    return entries <= Bounds.METADATA_ENTRIES
        ? null
        : invalid(
            field, "must have at most " + Bounds.METADATA_ENTRIES + " entries, but has " + entries);
  }

  private static Rejected invalid(String field, String problem) {
    return new Rejected(RejectionReason.INVALID, field, field + " " + problem);
  }
}
