package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Codec of protocol v1, the Python SDK's wire: one JSON object a message, UTF-8.
 *
 * <p>Thread-safe; has no state.
 */
public final class V1Codec {
  private V1Codec() {}

  /**
   * Encodes an event, which must be within the {@link Bounds} except for its size.
   *
   * @return empty when it takes more than {@link Bounds#EVENT_BYTES}
   * @throws IOException when a text in it is not well-formed Unicode, or a number not finite: the
   *     metadata can change after the check of the bounds
   */
  public static Optional<byte[]> encode(V1Event report) throws IOException {
    BoundedJson bytes = new BoundedJson(Bounds.EVENT_BYTES);
    try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      if (report.appId() != null) {
        json.writeStringField("app_id", Json.wellFormed(report.appId()));
      }
      json.writeStringField("api_key", Json.wellFormed(report.apiKey()));
      json.writeStringField("module", Json.wellFormed(report.module()));
      json.writeStringField("model", Json.wellFormed(report.model()));
      EventFields.writeUsage(json, report.usage());
      json.writeNumberField("timestamp", report.timestampMillis());
      if (report.metadata() != null && !report.metadata().isEmpty()) {
        json.writeFieldName("metadata");
        Json.writeValue(json, report.metadata());
      }
      if (report.idempotencyKey() != null) {
        json.writeStringField("idempotency_key", Json.wellFormed(report.idempotencyKey()));
      }
      EventFields.writeDetails(json, report.quantities(), report.usedBy());
      json.writeEndObject();
    } catch (BoundedJson.TooLarge beyond) {
      return Optional.empty();
    }
    return Optional.of(bytes.toByteArray());
  }

  /**
   * The message for an encoded event: the same object with {@code stream} and {@code seq} in front,
   * spliced in, so that what was stored is what is sent. Only the fields that protocol v1 does not
   * know are left out: quantities, and for whom it was.
   */
  public static byte[] message(byte[] encodedEvent, UUID stream, long seq) {
    byte[] event = EventFields.ofV1(encodedEvent);
    byte[] head =
        ("{\"stream\":\"" + stream + "\",\"seq\":" + seq + ",").getBytes(StandardCharsets.US_ASCII);
    byte[] message = new byte[head.length + event.length - 1];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(event, 1, message, head.length, event.length - 1);
    return message;
  }

  /** The message that asks for the key table. */
  public static byte[] keysRequest(long timestampMillis) {
    return ("{\"timestamp\":" + timestampMillis + "}").getBytes(StandardCharsets.US_ASCII);
  }

  /** The sign of life. */
  public static byte[] heartbeat(long timestampMillis) {
    return ("{\"type\":\"heartbeat\",\"timestamp\":" + timestampMillis + "}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Decodes a key update. A malformed entry is skipped and counted; the others count.
   *
   * @throws MalformedMessageException when the message as a whole is malformed
   */
  public static KeyUpdate decodeKeyUpdate(byte[] message) throws MalformedMessageException {
    JsonNode root = Json.readObject(message);
    if (!root.path("updates").isArray()) {
      throw new MalformedMessageException("a JSON object with a list 'updates' was expected");
    }
    List<KeyUpdate.Entry> entries = new ArrayList<>();
    int skipped = 0;
    for (JsonNode node : root.path("updates")) {
      KeyUpdate.Entry entry = entry(node);
      if (entry == null) {
        skipped++;
      } else {
        entries.add(entry);
      }
    }
    return new KeyUpdate(
        root.path("timestamp").asLong(0), root.path("protocol").asInt(1), entries, skipped);
  }

  /**
   * Encodes a key update, for billing systems. A system that speaks protocol 2 as well says so in
   * each.
   */
  public static byte[] encodeKeyUpdate(KeyUpdate update) {
    return Json.object(
        json -> {
          json.writeNumberField("timestamp", update.timestampMillis());
          if (update.protocol() > 1) {
            json.writeNumberField("protocol", update.protocol());
          }
          json.writeArrayFieldStart("updates");
          for (KeyUpdate.Entry entry : update.entries()) {
            json.writeStartObject();
            json.writeStringField("app_id", entry.appId());
            json.writeStringField("api_key", entry.apiKey());
            json.writeStringField("status", entry.blocked() ? "blocked" : "ok");
            if (entry.reason() != null) {
              json.writeStringField("reason", entry.reason());
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static KeyUpdate.@Nullable Entry entry(JsonNode node) {
    JsonNode appId = node.path("app_id");
    JsonNode apiKey = node.path("api_key");
    JsonNode status = node.path("status");
    if (!appId.isTextual() || !status.isTextual() || !apiKey.isTextual()) {
      return null;
    }
    String app = appId.textValue();
    // Every event of the key carries it: one that cannot be encoded would refuse them all.
    if (!Bounds.isWellFormedKey(apiKey.textValue())
        || app.length() > Bounds.NAME_CHARS
        || !Bounds.isWellFormedText(app)) {
      return null;
    }
    JsonNode reason = node.path("reason");
    return new KeyUpdate.Entry(
        app,
        apiKey.textValue(),
        !status.textValue().equals("ok"),
        reason.isTextual() ? reason.textValue() : null);
  }
}
