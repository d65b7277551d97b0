package io.billingsdk.server.costs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.Bucket;
import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.CostState;
import io.billingsdk.server.costs.CostRow.CostAmount;
import io.billingsdk.server.costs.CostRow.CostOwner;
import io.billingsdk.server.costs.CostRow.CostPins;
import io.billingsdk.server.costs.CostRow.CostUse;
import io.billingsdk.server.costs.CostRow.CostWhat;
import io.billingsdk.server.costs.CostRow.PriceHints;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cost as a row of its table, and back. */
final class CostRows {
  /** The columns that {@link #read} wants, of an alias {@code c}. */
  static final String COLUMNS =
      """
      c.at, c.stream_id, c.seq, c.revision, c.app_id, c.key_id, c.subject, c.session, c.execution,
      c.service, c.model, c.operation, c.prompt, c.state, c.reason, c.amount, c.currency,
      c.reported, c.reported_currency, c.quantity, c.unit, c.duration_ms, c.usage::text AS usage,
      c.adapter, c.provider, c.service_tier, c.region, c.price_id, c.catalogue,
      c.metadata::text AS metadata, c.rated_at
      """;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private CostRows() {}

  /** A row as an object with the names of the columns. */
  static ObjectNode node(CostRow row, Instant ratedAt) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("at", row.at().toString()).put("stream_id", row.id().streamId());
    node.put("seq", row.id().seq()).put("revision", row.revision());
    CostOwner owner = row.owner();
    node.put("app_id", owner.app()).put("key_id", owner.key()).put("subject", owner.subject());
    node.put("session", owner.session()).put("execution", owner.execution());
    what(node, row.what());
    cost(node, row.cost());
    use(node, row.use());
    node.put("rated_at", ratedAt.toString());
    node.set("metadata", row.metadata() == null ? null : tree(row.metadata()));
    return node;
  }

  private static void what(ObjectNode node, CostWhat what) {
    node.put("service", what.service()).put("model", what.model());
    node.put("operation", what.operation()).put("prompt", what.isPrompt());
    node.put("provider", what.hints().provider());
    node.put("service_tier", what.hints().serviceTier());
    node.put("region", what.hints().region());
  }

  private static void cost(ObjectNode node, CostAmount cost) {
    node.put("state", text(cost.state())).put("reason", cost.reason());
    node.put("amount", cost.amount()).put("currency", cost.currency());
    node.put("reported", cost.reported()).put("reported_currency", cost.reportedCurrency());
    node.put("adapter", cost.pins().adapter()).put("price_id", cost.pins().priceId());
    node.put("catalogue", cost.pins().catalogue());
  }

  private static void use(ObjectNode node, CostUse use) {
    node.put("quantity", use.quantity()).put("unit", use.unit());
    node.put("duration_ms", use.durationMillis());
    node.put("input_tokens", use.inputTokens()).put("cached_tokens", use.cachedTokens());
    node.put("output_tokens", use.outputTokens());
    node.set("usage", usage(use.usage()));
  }

  static ObjectNode usage(CanonicalUsage usage) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    usage.quantities().forEach((bucket, quantity) -> node.put(bucket.key(), quantity));
    return node;
  }

  static String text(CostState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static CostRow read(ResultRow row) {
    return new CostRow(
        new EventId(row.integer("stream_id"), row.number("seq")),
        row.time("at"),
        row.integer("revision"),
        new CostOwner(
            row.textOrNull("app_id"),
            row.textOrNull("key_id"),
            row.textOrNull("subject"),
            row.textOrNull("session"),
            row.textOrNull("execution")),
        new CostWhat(
            row.text("service"),
            row.text("model"),
            row.text("operation"),
            row.flag("prompt"),
            new PriceHints(
                row.textOrNull("provider"), row.text("service_tier"), row.textOrNull("region"))),
        cost(row),
        new CostUse(
            row.decimal("quantity"),
            row.text("unit"),
            row.numberOrNull("duration_ms"),
            usage(row.text("usage"))),
        row.textOrNull("metadata"));
  }

  private static CostAmount cost(ResultRow row) {
    return new CostAmount(
        CostState.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.textOrNull("reason"),
        decimalOrNull(row, "amount"),
        row.textOrNull("currency"),
        decimalOrNull(row, "reported"),
        row.textOrNull("reported_currency"),
        new CostPins(row.textOrNull("price_id"), row.text("catalogue"), row.text("adapter")));
  }

  private static @Nullable BigDecimal decimalOrNull(ResultRow row, String column) {
    return row.isNull(column) ? null : row.decimal(column);
  }

  private static CanonicalUsage usage(String json) {
    Map<Bucket, BigDecimal> quantities = new EnumMap<>(Bucket.class);
    for (Map.Entry<String, JsonNode> each : tree(json).properties()) {
      Bucket.of(each.getKey())
          .ifPresent(bucket -> quantities.put(bucket, each.getValue().decimalValue()));
    }
    return CanonicalUsage.of(quantities);
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a cost in the database is malformed", impossible);
    }
  }
}
