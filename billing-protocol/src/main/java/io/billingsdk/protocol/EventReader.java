package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one event of either protocol and holds it against the {@link Bounds}. */
final class EventReader {
  /** 9999-12-31: later times have no date in most databases. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private static final Map<String, String> KEY_FORMS =
      Map.of(
          "key_id", "1 to 64 of A-Z a-z 0-9 _ -",
          "key_sha256", "64 hexadecimal digits",
          "api_key", "1 to 256 printable ASCII characters");

  private EventReader() {}

  static ReceivedEvent read(long seq, JsonNode node) {
    if (!(node instanceof ObjectNode event)) {
      return new ReceivedEvent.Invalid(
          seq, "MALFORMED", "an event must be a JSON object", "\"" + node.getNodeType() + "\"");
    }
    // A key in another place than its own is known to nobody who reads that, and kept by nobody.
    ObjectNode masked = (ObjectNode) KeyMask.masked(event);
    if (seq > Bounds.COUNT_MAX) {
      return new ReceivedEvent.Invalid(
          seq, "SEQ_TOO_LARGE", "seq must be a number from 1 to 2^53", kept(masked));
    }
    try {
      return valid(seq, event, masked);
    } catch (Refused refused) {
      return new ReceivedEvent.Invalid(seq, refused.code, refused.detail, kept(masked));
    }
  }

  private static ReceivedEvent.Valid valid(long seq, ObjectNode sent, ObjectNode event)
      throws Refused {
    KeyRef key = key(sent);
    String module = name(event, "module", "MODULE");
    String model = name(event, "model", "MODEL");
    BigDecimal usage = usage(event.path("usage"));
    long timestamp = timestamp(event.has("ts") ? event.path("ts") : event.path("timestamp"));
    String metadata = metadata(event.path("metadata"));
    String idempotencyKey = idempotencyKey(sent.path("idempotency_key"));
    return hashed(
        new ContentHasher(),
        seq,
        key,
        module,
        model,
        usage,
        timestamp,
        metadata,
        idempotencyKey,
        quantities(event.path(EventFields.QUANTITIES)),
        usedBy(event),
        admission(event.path(EventFields.ADMISSION)));
  }

  /** An event that is within the bounds. */
  static ReceivedEvent.Valid hashed(
      ContentHasher hasher,
      long seq,
      KeyRef key,
      String module,
      String model,
      BigDecimal usage,
      long timestamp,
      @Nullable String metadata,
      @Nullable String idempotencyKey,
      Map<String, BigDecimal> quantities,
      UsedBy usedBy,
      List<String> admission) {
    ContentHash hash =
        hasher.of(
            key, module, model, usage, timestamp, metadata, idempotencyKey, quantities, usedBy);
    return new ReceivedEvent.Valid(
        seq,
        key,
        module,
        model,
        usage,
        timestamp,
        metadata,
        idempotencyKey,
        quantities,
        usedBy,
        hash,
        admission);
  }

  private static KeyRef key(ObjectNode event) throws Refused {
    JsonNode id = event.path("key_id");
    JsonNode sha256 = event.path("key_sha256");
    JsonNode raw = event.path("api_key");
    if (id.isTextual() && KeyRef.KeyId.isWellFormed(id.textValue())) {
      return keyId(id.textValue());
    }
    if (sha256.isTextual() && KeyRef.KeySha256.isWellFormed(sha256.textValue())) {
      return new KeyRef.KeySha256(sha256.textValue());
    }
    if (raw.isTextual() && Bounds.isWellFormedKey(raw.textValue())) {
      return new KeyRef.RawKey(raw.textValue());
    }
    throw new Refused("KEY_MALFORMED", wrongKey(event));
  }

  private static KeyRef keyId(String id) throws Refused {
    // Under that name it would be stored as it is, a secret in the ledger.
    if (KeyMask.isIn(id)) {
      throw new Refused(
          "KEY_MALFORMED", "key_id must be the id of a key; the key itself is api_key");
    }
    return new KeyRef.KeyId(id);
  }

  private static String wrongKey(ObjectNode event) {
    List<String> given =
        Stream.of("key_id", "key_sha256", "api_key").filter(event::hasNonNull).toList();
    if (given.size() == 1) {
      return given.get(0) + " must be " + KEY_FORMS.get(given.get(0));
    }
    return "one of key_id ("
        + KEY_FORMS.get("key_id")
        + "), key_sha256 ("
        + KEY_FORMS.get("key_sha256")
        + ") and api_key ("
        + KEY_FORMS.get("api_key")
        + ") must be there";
  }

  private static String name(ObjectNode event, String field, String code) throws Refused {
    String text = event.path(field).textValue();
    if (text == null || !isName(text)) {
      throw new Refused(
          code + "_MALFORMED",
          field + " must be a text of 1 to " + Bounds.NAME_CHARS + " characters");
    }
    return text;
  }

  static boolean isName(String text) {
    return !text.isEmpty() && text.length() <= Bounds.NAME_CHARS && Bounds.isWellFormedText(text);
  }

  static boolean isTime(long millis) {
    return millis >= 0 && millis <= LAST_MILLIS;
  }

  private static BigDecimal usage(JsonNode node) throws Refused {
    if (node.isNumber()) {
      BigDecimal usage = node.decimalValue();
      if (Bounds.isUsage(usage)) {
        return usage;
      }
    }
    throw new Refused(
        "USAGE_MALFORMED",
        "usage must be a number from 0 to 2^53 with at most "
            + Bounds.USAGE_DECIMALS
            + " decimals");
  }

  private static Map<String, BigDecimal> quantities(JsonNode node) throws Refused {
    if (node.isMissingNode() || node.isNull() || (node.isObject() && node.isEmpty())) {
      return Map.of();
    }
    if (!node.isObject() || node.size() > Bounds.QUANTITIES) {
      throw new Refused(
          "QUANTITIES_MALFORMED",
          "quantities must be a JSON object with at most " + Bounds.QUANTITIES + " numbers");
    }
    Map<String, BigDecimal> quantities = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      quantities.put(quantityName(each.getKey()), quantity(each.getKey(), each.getValue()));
    }
    return Collections.unmodifiableMap(quantities);
  }

  private static String quantityName(String name) throws Refused {
    if (Bounds.isQuantityName(name)) {
      return name;
    }
    throw new Refused(
        "QUANTITIES_MALFORMED",
        "a name in quantities must be 1 to " + Bounds.QUANTITY_NAME_CHARS + " of a-z 0-9 _");
  }

  private static BigDecimal quantity(String name, JsonNode node) throws Refused {
    if (node.isNumber()) {
      BigDecimal quantity = node.decimalValue();
      if (Bounds.isQuantity(quantity)) {
        return quantity;
      }
    }
    throw new Refused(
        "QUANTITIES_MALFORMED",
        "quantities."
            + name
            + " must be a number from 0 to 2^53 with at most "
            + Bounds.USAGE_DECIMALS
            + " decimals");
  }

  private static UsedBy usedBy(ObjectNode event) throws Refused {
    return UsedBy.of(
        optionalName(event, EventFields.SUBJECT, "SUBJECT"),
        optionalName(event, EventFields.SESSION, "SESSION"),
        optionalName(event, EventFields.EXECUTION, "EXECUTION"));
  }

  private static @Nullable String optionalName(ObjectNode event, String field, String code)
      throws Refused {
    return event.hasNonNull(field) ? name(event, field, code) : null;
  }

  private static List<String> admission(JsonNode node) throws Refused {
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    List<String> epochs = new ArrayList<>();
    for (JsonNode each : node) {
      if (each.isTextual() && Bounds.isEpoch(each.textValue())) {
        epochs.add(each.textValue());
      }
    }
    if (!node.isArray() || epochs.size() != node.size() || !isAdmission(epochs)) {
      throw new Refused(
          "ADMISSION_MALFORMED",
          "admission must be a list of at most "
              + Bounds.ADMISSION_EPOCHS
              + " epochs, each 1 to "
              + Bounds.EPOCH_CHARS
              + " of A-Z a-z 0-9 _ -, none twice");
    }
    return epochs;
  }

  /** Whether epochs are few enough, and each is there once. */
  static boolean isAdmission(List<String> epochs) {
    return epochs.size() <= Bounds.ADMISSION_EPOCHS
        && epochs.stream().distinct().count() == epochs.size();
  }

  private static long timestamp(JsonNode node) throws Refused {
    // The Python SDK's clock is a float.
    if (node.isNumber() && node.canConvertToLong()) {
      long millis = node.longValue();
      if (isTime(millis)) {
        return millis;
      }
    }
    throw new Refused("TIMESTAMP_MALFORMED", "the time must be in milliseconds since 1970");
  }

  private static @Nullable String idempotencyKey(JsonNode node) throws Refused {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (node.isTextual() && Bounds.isWellFormedIdempotencyKey(node.textValue())) {
      String key = node.textValue();
      // With a mask in it two would be one; by its hash it is still itself.
      return KeyMask.isIn(key) ? "sha256:" + KeyRef.sha256(key) : key;
    }
    throw new Refused(
        "IDEMPOTENCY_KEY_MALFORMED",
        "idempotency_key must be a text of 1 to 256 printable ASCII characters");
  }

  private static @Nullable String metadata(JsonNode node) throws Refused {
    if (node.isMissingNode() || node.isNull() || (node.isObject() && node.isEmpty())) {
      return null;
    }
    if (!node.isObject()) {
      throw new Refused("METADATA_MALFORMED", "metadata must be a JSON object");
    }
    checkMap(node, /* nested= */ false);
    String json = node.toString();
    if (json.length() > Bounds.EVENT_BYTES) {
      throw new Refused(
          "METADATA_TOO_LARGE", "metadata must take at most " + Bounds.EVENT_BYTES + " characters");
    }
    return json;
  }

  private static void checkMap(JsonNode map, boolean nested) throws Refused {
    checkEntries(map);
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String name = entry.getKey();
      if (name.isEmpty()
          || name.length() > Bounds.METADATA_NAME_CHARS
          || !Bounds.isWellFormedText(name)) {
        throw new Refused("METADATA_MALFORMED", "a name in metadata must have 1 to 64 characters");
      }
      checkValue(entry.getValue(), nested);
    }
  }

  private static void checkValue(JsonNode value, boolean nested) throws Refused {
    if (value.isTextual()) {
      if (value.textValue().length() > Bounds.METADATA_STRING_CHARS) {
        throw new Refused(
            "METADATA_TOO_LARGE", "a text in metadata must have at most 1024 characters");
      }
      if (!Bounds.isWellFormedText(value.textValue())) {
        throw new Refused(
            "METADATA_MALFORMED", "a text in metadata is not well-formed Unicode, or holds U+0000");
      }
    } else if (value.isContainerNode()) {
      checkContainer(value, nested);
    } else if (value.isNumber()
        && Math.abs((long) value.decimalValue().scale()) > Bounds.NUMBER_DIGITS) {
      throw new Refused("METADATA_MALFORMED", "a number in metadata has more than 512 digits");
    }
  }

  private static void checkContainer(JsonNode value, boolean nested) throws Refused {
    if (nested) {
      throw new Refused("METADATA_MALFORMED", "metadata may be nested one level deep");
    }
    if (value.isObject()) {
      checkMap(value, /* nested= */ true);
    } else {
      checkEntries(value);
      for (JsonNode element : value) {
        checkValue(element, /* nested= */ true);
      }
    }
  }

  private static void checkEntries(JsonNode container) throws Refused {
    if (container.size() > Bounds.METADATA_ENTRIES) {
      throw new Refused("METADATA_TOO_LARGE", "metadata may have at most 32 entries at each level");
    }
  }

  private static String kept(ObjectNode event) {
    ObjectNode copy = event.deepCopy();
    if (copy.has("api_key")) {
      // Whatever it looks like: nobody knows the keys of other systems.
      copy.put("api_key", KeyMask.MASK);
    }
    String json = copy.toString();
    return json.length() <= Bounds.EVENT_BYTES ? json : json.substring(0, Bounds.EVENT_BYTES);
  }

  /** An event is refused. Without a stack trace: it is an outcome, not a fault. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final String detail;

    Refused(String code, String detail) {
      super(detail, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
      this.code = code;
      this.detail = detail;
    }
  }
}
