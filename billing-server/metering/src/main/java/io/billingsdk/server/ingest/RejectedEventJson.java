package io.billingsdk.server.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.server.ledger.EventDetails;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of events that are not in the ledger, as JSON with the names of the wire. An event
 * that is read again says the same as when it came: a repeat of it must be known as one.
 */
final class RejectedEventJson {
  private static final List<String> KEYS = List.of("api_key", "apiKey", "keyId", "key_id");

  /** About as many as one takes. */
  private static final int QUANTITY_CHARS = 32;

  private static final ObjectMapper EXACT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(Bounds.JSON_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private RejectedEventJson() {}

  /** The kept form of an event. */
  static String content(ReceivedEvent event) {
    if (event instanceof ReceivedEvent.Invalid invalid) {
      // PostgreSQL has no U+0000.
      return invalid.json().replace("\0", "");
    }
    ReceivedEvent.Valid valid = (ReceivedEvent.Valid) event;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("ts", valid.timestampMillis());
    KeyRef key = valid.key();
    if (key instanceof KeyRef.KeyId known) {
      json.put("key_id", known.id());
    } else if (key instanceof KeyRef.KeySha256 hash) {
      json.put("key_sha256", hash.hex());
    } else if (key instanceof KeyRef.RawKey raw) {
      json.put("key_sha256", raw.hashed().hex());
    }
    json.put("module", valid.module());
    json.put("model", valid.model());
    json.put("usage", valid.usage());
    String metadata = valid.metadata();
    if (metadata != null) {
      json.putRawValue("metadata", new RawValue(metadata));
    }
    json.put("idempotency_key", valid.idempotencyKey());
    putDetails(json, DetailsOf.event(valid));
    if (!valid.admission().isEmpty()) {
      // A replay settles the leases that have admitted it, if they are still there.
      valid.admission().forEach(json.putArray("admission")::add);
    }
    return json.toString();
  }

  /** Nothing of an event without them: its content is as it was before there were any. */
  private static void putDetails(ObjectNode json, EventDetails details) {
    String quantities = details.quantitiesJson();
    if (quantities != null) {
      json.putRawValue("quantities", new RawValue(quantities));
    }
    putText(json, "subject", details.subject());
    putText(json, "session", details.session());
    putText(json, "execution", details.execution());
  }

  private static void putText(ObjectNode json, String name, @Nullable String text) {
    if (text != null) {
      json.put(name, text);
    }
  }

  /** About how long that is, without it being made. */
  static int characters(ReceivedEvent event) {
    if (event instanceof ReceivedEvent.Invalid invalid) {
      return invalid.json().length();
    }
    ReceivedEvent.Valid valid = (ReceivedEvent.Valid) event;
    String metadata = valid.metadata();
    String key = valid.idempotencyKey();
    UsedBy by = valid.usedBy();
    return 128
        + valid.module().length()
        + valid.model().length()
        + length(metadata)
        + length(key)
        + valid.quantities().size() * QUANTITY_CHARS
        + length(by.subject())
        + length(by.session())
        + length(by.execution())
        + valid.admission().stream().mapToInt(String::length).sum();
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** The event of a content; empty when that was cut off, or is none. */
  static Optional<ObjectNode> event(String content) {
    return tree(content)
        .flatMap(read -> read instanceof ObjectNode event ? Optional.of(event) : Optional.empty());
  }

  /** The event that a content is, under a number: as it was when it came. */
  static ReceivedEvent read(long seq, ObjectNode kept) {
    String key = kept.path("idempotency_key").asText("");
    if (key.indexOf(' ') < 0) {
      return ReceivedEvent.read(seq, kept);
    }
    // An identity that the server had made; the wire has none like it.
    ObjectNode event = kept.deepCopy();
    event.remove("idempotency_key");
    return new SentEvent(number -> ReceivedEvent.read(number, event), key, false).numbered(seq);
  }

  /** A document as it is kept; empty when it is none. */
  static Optional<JsonNode> tree(String content) {
    try {
      return Optional.of(EXACT.readTree(content));
    } catch (JsonProcessingException malformed) {
      return Optional.empty();
    }
  }

  /** Moves its time; one that is no time stays as it is. */
  static void move(ObjectNode event, long offsetMillis) {
    String name = event.has("ts") ? "ts" : "timestamp";
    JsonNode time = event.path(name);
    if (offsetMillis != 0 && time.isNumber() && time.canConvertToLong()) {
      long millis = time.longValue();
      long moved = millis + offsetMillis;
      // Beyond a long it is no time either way.
      event.put(name, ((millis ^ moved) & (offsetMillis ^ moved)) < 0 ? millis : moved);
    }
  }

  /** Whether the key of an event was taken out before it was kept. */
  static boolean isMasked(ObjectNode event) {
    return KEYS.stream()
        .anyMatch(
            name ->
                event.path(name).asText().equals(KeyMask.MASK)
                    || event.path("data").path(name).asText().equals(KeyMask.MASK));
  }
}
