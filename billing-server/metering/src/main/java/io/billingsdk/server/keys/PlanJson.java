package io.billingsdk.server.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.PlanTerms.PlanQuota;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a plan allows the keys of an app, as its row keeps it. Numbers are texts, and so exact. */
final class PlanJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private PlanJson() {}

  static @Nullable String of(@Nullable PlanTerms plan) {
    if (plan == null) {
      return null;
    }
    ObjectNode json = JSON.createObjectNode();
    plan.models().forEach(json.putArray("models")::add);
    Rate rate = plan.rate();
    if (rate != null) {
      json.put("perSecond", rate.perSecond().toPlainString()).put("burst", rate.burst());
    }
    for (PlanQuota each : plan.quotas()) {
      json.withArray("quotas")
          .addObject()
          .put("slug", each.slug())
          .put("meter", each.meter())
          .put("limit", each.limit().toPlainString())
          .put("overage", each.overage())
          .put("shared", each.shared());
    }
    plan.bars().forEach((cause, reason) -> json.withObject("/bars").put(cause.text(), reason));
    return json.toString();
  }

  static @Nullable PlanTerms read(@Nullable String json) {
    if (json == null) {
      return null;
    }
    try {
      JsonNode tree = JSON.readTree(json);
      List<String> models = new ArrayList<>();
      tree.path("models").forEach(each -> models.add(each.asText()));
      List<PlanQuota> quotas = new ArrayList<>();
      for (JsonNode each : tree.path("quotas")) {
        quotas.add(
            new PlanQuota(
                each.path("slug").asText(),
                each.path("meter").asText(),
                new BigDecimal(each.path("limit").asText()),
                each.path("overage").asBoolean(),
                each.path("shared").textValue()));
      }
      Rate rate =
          tree.has("perSecond")
              ? new Rate(
                  new BigDecimal(tree.path("perSecond").asText()), tree.path("burst").asLong())
              : null;
      SortedMap<BlockCause, String> bars = new TreeMap<>();
      tree.path("bars")
          .properties()
          .forEach(each -> bars.put(BlockCause.of(each.getKey()), each.getValue().asText()));
      return new PlanTerms(models, rate, quotas, bars);
    } catch (JsonProcessingException | NumberFormatException malformed) {
      throw new DatabaseException(new SQLException("the plan of a key is malformed"));
    }
  }
}
