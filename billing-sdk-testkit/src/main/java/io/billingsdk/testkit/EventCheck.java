package io.billingsdk.testkit;

import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.protocol.Bounds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the events that a real client refuses, so that a test does not pass on events that nobody
 * would be charged for. It does not measure the encoded event.
 */
final class EventCheck {
  private static final Duration AHEAD = Duration.ofDays(1);
  private static final int MAX_NUMBER_BITS = 512;
  private static final int MAX_DECIMAL_PLACES = 128;

  private EventCheck() {}

  /** Null when the event is good. */
  static @Nullable Rejected check(@Nullable UsageEvent event) {
    if (event == null) {
      return missing();
    }
    String field = faultyField(event);
    if (field != null) {
      return invalid(field, "is missing, malformed or out of its bounds");
    }
    return event.metadata() == null ? null : map("metadata", event.metadata(), /* deep= */ true);
  }

  /** Of an event that is null. */
  static Rejected missing() {
    return invalid("event", "must not be null");
  }

  private static @Nullable String faultyField(UsageEvent event) {
    String apiKey = event.apiKey();
    if (apiKey == null || !Bounds.isWellFormedKey(apiKey)) {
      return "apiKey";
    }
    if (!isName(event.module())) {
      return "module";
    }
    if (!isName(event.model())) {
      return "model";
    }
    if (!isAmount(event.usage())) {
      return "usage";
    }
    String faulty = faultyQuantity(event);
    faulty = faulty == null ? faultyUser(event) : faulty;
    if (faulty != null) {
      return faulty;
    }
    Instant time = event.time();
    if (time != null && (time.getEpochSecond() < 0 || time.isAfter(Instant.now().plus(AHEAD)))) {
      return "time";
    }
    String own = event.idempotencyKey();
    return own == null || Bounds.isWellFormedIdempotencyKey(own) ? null : "idempotencyKey";
  }

  private static boolean isName(@Nullable String name) {
    return name != null
        && !name.isBlank()
        && name.length() <= Bounds.NAME_CHARS
        && Bounds.isWellFormedText(name);
  }

  /** The bits first: to count the digits of a million of them takes seconds. */
  private static boolean isAmount(@Nullable BigDecimal number) {
    return number != null
        && number.unscaledValue().bitLength() <= MAX_NUMBER_BITS
        && Bounds.isQuantity(number);
  }

  private static @Nullable String faultyQuantity(UsageEvent event) {
    if (event.quantities().size() > Bounds.QUANTITIES) {
      return "quantities";
    }
    for (Map.Entry<String, @Nullable BigDecimal> each : event.quantities().entrySet()) {
      String name = each.getKey();
      if (name == null || !Bounds.isQuantityName(name)) {
        return "quantities";
      }
      if (!isAmount(each.getValue())) {
        return "quantities." + name;
      }
    }
    return null;
  }

  private static @Nullable String faultyUser(UsageEvent event) {
    if (event.subject() != null && !isName(event.subject())) {
      return "subject";
    }
    if (event.session() != null && !isName(event.session())) {
      return "session";
    }
    return event.execution() == null || isName(event.execution()) ? null : "execution";
  }

  private static @Nullable Rejected map(String field, Map<?, ?> map, boolean deep) {
    if (map.size() > Bounds.METADATA_ENTRIES) {
      return tooMany(field, map.size());
    }
    Rejected refused = null;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (refused == null) {
        refused =
            isEntryName(entry.getKey())
                ? value(field + "." + entry.getKey(), entry.getValue(), deep)
                : invalid(
                    field, "names must be 1 to " + Bounds.METADATA_NAME_CHARS + " characters long");
      }
    }
    return refused;
  }

  private static boolean isEntryName(@Nullable Object name) {
    return name instanceof String text
        && !text.isEmpty()
        && text.length() <= Bounds.METADATA_NAME_CHARS
        && Bounds.isWellFormedText(text);
  }

  private static @Nullable Rejected value(String field, @Nullable Object value, boolean deep) {
    if (value instanceof Map<?, ?> map && deep) {
      return map(field, map, /* deep= */ false);
    }
    if (value instanceof List<?> list && deep) {
      return list(field, list);
    }
    return isPlain(value)
        ? null
        : invalid(
            field,
            "must be a string of at most "
                + Bounds.METADATA_STRING_CHARS
                + " characters, a finite number, a boolean, null, or a map or list of those");
  }

  private static @Nullable Rejected list(String field, List<?> list) {
    if (list.size() > Bounds.METADATA_ENTRIES) {
      return tooMany(field, list.size());
    }
    Rejected refused = null;
    for (int i = 0; refused == null && i < list.size(); i++) {
      refused = value(field + "[" + i + "]", list.get(i), /* deep= */ false);
    }
    return refused;
  }

  private static boolean isPlain(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length() <= Bounds.METADATA_STRING_CHARS && Bounds.isWellFormedText(text);
    }
    if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(((Number) value).doubleValue());
    }
    return value == null || value instanceof Boolean || isExact(value);
  }

  /** A number of the JDK that is not too long. */
  private static boolean isExact(Object value) {
    if (value instanceof BigInteger integer) {
      return integer.bitLength() <= MAX_NUMBER_BITS;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.unscaledValue().bitLength() <= MAX_NUMBER_BITS
          && Math.abs((long) decimal.scale()) <= MAX_DECIMAL_PLACES;
    }
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  private static Rejected tooMany(String field, int entries) {
    return invalid(
        field, "must have at most " + Bounds.METADATA_ENTRIES + " entries, but has " + entries);
  }

  private static Rejected invalid(String field, String problem) {
    return CoreTypes.rejected(RejectionReason.INVALID, field, field + " " + problem);
  }
}
