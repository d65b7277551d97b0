package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The fields that requests for leases and their answers have in common. */
final class LeaseJson {
  private static final int CODE_CHARS = 64;

  private LeaseJson() {}

  static JsonNode read(byte[] message) throws MalformedMessageException {
    if (message.length > Bounds.LEASE_BYTES) {
      throw new MalformedMessageException(
          "a message about leases must have at most " + Bounds.LEASE_BYTES + " bytes");
    }
    return Json.readExactly(message);
  }

  static void writeAmount(JsonGenerator json, String field, BigDecimal amount) throws IOException {
    json.writeFieldName(field);
    json.writeNumber(amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString());
  }

  static JsonNode list(JsonNode root, String field) throws MalformedMessageException {
    JsonNode list = root.path(field);
    if (list.isMissingNode()) {
      return list;
    }
    if (!list.isArray() || list.size() > Bounds.LEASE_ENTRIES) {
      throw new MalformedMessageException(
          field + " must be a list of at most " + Bounds.LEASE_ENTRIES);
    }
    return list;
  }

  /** An amount that is absent is 0. */
  static BigDecimal amount(JsonNode parent, String field) throws MalformedMessageException {
    JsonNode node = parent.path(field);
    if (node.isMissingNode()) {
      return BigDecimal.ZERO;
    }
    if (!node.isNumber() || !Bounds.isQuantity(node.decimalValue())) {
      throw new MalformedMessageException(
          field + " must be a number from 0 to 2^53 with at most 18 decimals");
    }
    return node.decimalValue();
  }

  static long count(JsonNode parent, String field, long least) throws MalformedMessageException {
    JsonNode node = parent.path(field);
    boolean whole = node.isIntegralNumber() && node.canConvertToLong();
    long count = whole ? node.longValue() : 0;
    if ((!whole && !node.isMissingNode()) || count < least || count > Bounds.COUNT_MAX) {
      throw new MalformedMessageException(
          field + " must be a whole number from " + least + " to 2^53");
    }
    return count;
  }

  static String quota(JsonNode node) throws MalformedMessageException {
    JsonNode quota = node.path("quota");
    if (!quota.isTextual() || !Bounds.isQuotaId(quota.textValue())) {
      throw new MalformedMessageException(
          "quota must be a text of 1 to " + Bounds.QUOTA_ID_CHARS + " printable ASCII characters");
    }
    return quota.textValue();
  }

  static @Nullable String epoch(JsonNode node) throws MalformedMessageException {
    JsonNode epoch = node.path("epoch");
    if (epoch.isMissingNode() || epoch.isNull()) {
      return null;
    }
    if (!epoch.isTextual() || !Bounds.isEpoch(epoch.textValue())) {
      throw new MalformedMessageException(
          "epoch must be 1 to " + Bounds.EPOCH_CHARS + " of A-Z a-z 0-9 _ -");
    }
    return epoch.textValue();
  }

  static String keyId(JsonNode node) throws MalformedMessageException {
    JsonNode id = node.path("key_id");
    if (!id.isTextual() || !KeyRef.KeyId.isWellFormed(id.textValue())) {
      throw new MalformedMessageException("key_id must be 1 to 64 of A-Z a-z 0-9 _ -");
    }
    return id.textValue();
  }

  /** A word for machines. */
  static String code(JsonNode node, String field) throws MalformedMessageException {
    String code = node.path(field).asText("");
    boolean wellFormed =
        !code.isEmpty()
            && code.length() <= CODE_CHARS
            && code.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || c == '_');
    if (!wellFormed) {
      throw new MalformedMessageException(field + " must be 1 to " + CODE_CHARS + " of A-Z and _");
    }
    return code;
  }

  static UUID ledger(JsonNode root) throws MalformedMessageException {
    JsonNode ledger = root.path("ledger");
    UUID uuid = ledger.isTextual() ? UsageBatch.uuid(ledger.textValue()) : null;
    if (uuid == null) {
      throw new MalformedMessageException("ledger must be a UUID");
    }
    return uuid;
  }
}
