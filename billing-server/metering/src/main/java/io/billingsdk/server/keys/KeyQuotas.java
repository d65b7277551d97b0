package io.billingsdk.server.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The quotas of a key as their column has them, in JSON. */
final class KeyQuotas {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private KeyQuotas() {}

  static String json(List<Quota> quotas) {
    ArrayNode list = JSON.createArrayNode();
    for (Quota quota : quotas) {
      ObjectNode each =
          list.addObject()
              .put("meter", quota.meter())
              .put("limit", quota.limit())
              .put("used", quota.used())
              .put("overage", quota.overage());
      if (quota.sinceMillis() != null) {
        each.put("since", quota.sinceMillis());
      }
      if (quota.resetsAtMillis() != null) {
        each.put("resets_at", quota.resetsAtMillis());
      }
    }
    return list.toString();
  }

  static List<Quota> of(String json) {
    List<Quota> quotas = new ArrayList<>();
    try {
      for (JsonNode each : JSON.readTree(json)) {
        quotas.add(
            new Quota(
                each.path("meter").asText(),
                each.path("limit").decimalValue(),
                each.path("used").decimalValue(),
                millis(each.path("since")),
                millis(each.path("resets_at")),
                each.path("overage").asBoolean()));
      }
    } catch (JsonProcessingException malformed) {
      throw new DatabaseException(new SQLException("quotas of a key are malformed"));
    }
    return quotas;
  }

  private static @Nullable Long millis(JsonNode time) {
    return time.isIntegralNumber() ? time.longValue() : null;
  }
}
