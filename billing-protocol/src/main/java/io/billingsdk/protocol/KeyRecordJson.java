package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.KeyRecord.Quota;
import io.billingsdk.protocol.KeyRecord.Rate;
import io.billingsdk.protocol.KeyRecord.Status;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@link KeyRecord} as JSON. */
final class KeyRecordJson {

  private KeyRecordJson() {}

  static void write(JsonGenerator json, KeyRecord key) throws IOException {
    json.writeStartObject();
    json.writeStringField("key_id", key.keyId());
    json.writeStringField("key_sha256", key.keySha256());
    json.writeStringField("app_id", key.appId());
    json.writeStringField("status", key.status().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("version", key.version());
    if (key.reason() != null) {
      json.writeStringField("reason", key.reason());
    }
    writeMillis(json, "expires_at", key.expiresAtMillis());
    if (!key.models().isEmpty()) {
      json.writeArrayFieldStart("models");
      for (String model : key.models()) {
        json.writeString(model);
      }
      json.writeEndArray();
    }
    writeLimits(json, key);
    json.writeEndObject();
  }

  private static void writeLimits(JsonGenerator json, KeyRecord key) throws IOException {
    if (key.rate() != null) {
      json.writeObjectFieldStart("rate");
      json.writeNumberField("per_second", key.rate().perSecond());
      json.writeNumberField("burst", key.rate().burst());
      json.writeEndObject();
    }
    if (key.quotas().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("quotas");
    for (Quota quota : key.quotas()) {
      json.writeStartObject();
      json.writeStringField("meter", quota.meter());
      json.writeNumberField("limit", quota.limit());
      json.writeNumberField("used", quota.used());
      writeMillis(json, "resets_at", quota.resetsAtMillis());
      json.writeBooleanField("overage", quota.overage());
      if (quota.id() != null) {
        json.writeStringField("id", quota.id());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeMillis(JsonGenerator json, String field, @Nullable Long millis)
      throws IOException {
    if (millis != null) {
      json.writeNumberField(field, millis);
    }
  }

  /** Reads a record; null when it is malformed. */
  static @Nullable KeyRecord read(JsonNode node) {
    String keyId = node.path("key_id").textValue();
    String sha256 = node.path("key_sha256").textValue();
    String appId = node.path("app_id").textValue();
    JsonNode version = node.path("version");
    if (keyId == null
        || !KeyRef.KeyId.isWellFormed(keyId)
        || sha256 == null
        || !KeyRef.KeySha256.isWellFormed(sha256)
        || appId == null
        || appId.length() > Bounds.NAME_CHARS
        || !Bounds.isWellFormedText(appId)
        || !version.isIntegralNumber()) {
      return null;
    }
    return new KeyRecord(
        keyId,
        sha256,
        appId,
        status(node.path("status")),
        node.path("reason").textValue(),
        version.longValue(),
        millis(node, "expires_at"),
        models(node.path("models")),
        rate(node.path("rate")),
        quotas(node.path("quotas")));
  }

  private static Status status(JsonNode node) {
    return switch (node.asText("")) {
      case "ok" -> Status.OK;
      case "removed" -> Status.REMOVED;
      // A status that this version does not know must not let anybody in.
      default -> Status.BLOCKED;
    };
  }

  private static @Nullable Long millis(JsonNode node, String field) {
    JsonNode millis = node.path(field);
    return millis.isIntegralNumber() ? millis.longValue() : null;
  }

  private static List<String> models(JsonNode node) {
    List<String> models = new ArrayList<>();
    for (JsonNode model : node) {
      // A value that is not a text matches no model: a malformed list must not become one of all.
      models.add(model.isTextual() ? model.textValue() : "");
    }
    return models;
  }

  private static @Nullable Rate rate(JsonNode node) {
    return node.isObject()
        ? new Rate(decimal(node.path("per_second")), node.path("burst").asLong(0))
        : null;
  }

  private static BigDecimal decimal(JsonNode node) {
    return node.isNumber() ? node.decimalValue() : BigDecimal.ZERO;
  }

  private static @Nullable String quotaId(JsonNode node) {
    return node.isTextual() && Bounds.isQuotaId(node.textValue()) ? node.textValue() : null;
  }

  private static List<Quota> quotas(JsonNode nodes) {
    List<Quota> quotas = new ArrayList<>();
    for (JsonNode node : nodes) {
      quotas.add(
          new Quota(
              node.path("meter").asText(""),
              decimal(node.path("limit")),
              decimal(node.path("used")),
              millis(node, "resets_at"),
              node.path("overage").asBoolean(false),
              quotaId(node.path("id"))));
    }
    return quotas;
  }
}
