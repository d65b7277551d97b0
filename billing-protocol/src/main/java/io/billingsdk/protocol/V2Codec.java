package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;

/**
 * Encodes the events of protocol v2: one JSON object each, which is what is journaled, and later
 * sent in a {@link BatchWriter batch} without being encoded again.
 *
 * <p>Thread-safe; has no state.
 */
public final class V2Codec {

  private V2Codec() {}

  /**
   * Encodes an event, which must be within the {@link Bounds} except for its size.
   *
   * @return empty when it takes more than {@link Bounds#EVENT_BYTES}
   * @throws IOException when a text in it is not well-formed Unicode, or a number not finite: the
   *     metadata can change after the check of the bounds
   */
  public static Optional<byte[]> encode(V2Event event) throws IOException {
    BoundedJson bytes = new BoundedJson(Bounds.EVENT_BYTES);
    try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("ts", event.timestampMillis());
      writeKey(json, event.key());
      json.writeStringField("module", Json.wellFormed(event.module()));
      json.writeStringField("model", Json.wellFormed(event.model()));
      EventFields.writeUsage(json, event.usage());
      if (event.metadata() != null && !event.metadata().isEmpty()) {
        json.writeFieldName("metadata");
        Json.writeValue(json, event.metadata());
      }
      if (event.idempotencyKey() != null) {
        json.writeStringField("idempotency_key", Json.wellFormed(event.idempotencyKey()));
      }
      EventFields.writeDetails(json, event.quantities(), event.usedBy());
      EventFields.writeAdmission(json, event.admission());
      json.writeEndObject();
    } catch (BoundedJson.TooLarge beyond) {
      return Optional.empty();
    }
    return Optional.of(bytes.toByteArray());
  }

  private static void writeKey(JsonGenerator json, KeyRef key) throws IOException {
    if (key instanceof KeyRef.KeyId known) {
      json.writeStringField("key_id", known.id());
    } else if (key instanceof KeyRef.KeySha256 unknown) {
      json.writeStringField("key_sha256", unknown.hex());
    } else if (key instanceof KeyRef.RawKey raw) {
      json.writeStringField("api_key", Json.wellFormed(raw.apiKey()));
    }
  }
}
