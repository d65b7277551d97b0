package io.billingsdk.server.quotas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** How much of each charge was used, for prices that depend on it; in the caller's transaction. */
final class SpendRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ADD =
      """
      INSERT INTO quota_spend (quota_id, period_start, part, quantities)
      SELECT quota_id, period_start, part, '{}' FROM unnest(:quotas, :starts, :parts)
        AS s (quota_id, period_start, part)
      ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
      """;

  private static final String LOCK =
      """
      SELECT q.quota_id, q.period_start, q.part, q.quantities::text AS quantities
      FROM quota_spend q JOIN unnest(:quotas, :starts, :parts)
        AS s (quota_id, period_start, part) USING (quota_id, period_start, part)
      ORDER BY 1, 2, 3 FOR UPDATE OF q
      """;

  private static final String SAVE =
      """
      UPDATE quota_spend q SET quantities = s.quantities::jsonb
      FROM unnest(:quotas, :starts, :parts, :quantities)
        AS s (quota_id, period_start, part, quantities)
      WHERE (q.quota_id, q.period_start, q.part) = (s.quota_id, s.period_start, s.part)
      """;

  private SpendRows() {}

  /** One charge of a quota in a period. All transactions lock them in this order. */
  record SpendCounter(String quota, Instant periodStart, String part)
      implements Comparable<SpendCounter> {
    private static final Comparator<SpendCounter> ORDER =
        Comparator.comparing(SpendCounter::quota)
            .thenComparing(SpendCounter::periodStart)
            .thenComparing(SpendCounter::part);

    @Override
    public int compareTo(SpendCounter other) {
      return ORDER.compare(this, other);
    }
  }

  /** Gives what was used, by the values of the charge's dimension; is alone with it. */
  static Map<SpendCounter, Map<String, BigDecimal>> lock(
      Handle handle, List<SpendCounter> counters) {
    bind(handle.createUpdate(ADD), counters).execute();
    Map<SpendCounter, Map<String, BigDecimal>> found = new HashMap<>();
    bind(handle.createQuery(LOCK), counters)
        .map(ResultRow.to(row -> Map.entry(counter(row), quantities(row.text("quantities")))))
        .list()
        .forEach(each -> found.put(each.getKey(), each.getValue()));
    return found;
  }

  static void save(Handle handle, Map<SpendCounter, Map<String, BigDecimal>> totals) {
    List<SpendCounter> counters = totals.keySet().stream().sorted().toList();
    bind(handle.createUpdate(SAVE), counters)
        .bind(
            "quantities",
            SqlArrays.texts(
                counters.stream().map(each -> json(totals.getOrDefault(each, Map.of()))).toList()))
        .execute();
  }

  private static <T extends SqlStatement<T>> T bind(T statement, List<SpendCounter> counters) {
    return statement
        .bind("quotas", SqlArrays.texts(counters.stream().map(SpendCounter::quota).toList()))
        .bind("starts", SqlArrays.times(counters.stream().map(SpendCounter::periodStart).toList()))
        .bind("parts", SqlArrays.texts(counters.stream().map(SpendCounter::part).toList()));
  }

  private static SpendCounter counter(ResultRow row) {
    return new SpendCounter(row.text("quota_id"), row.time("period_start"), row.text("part"));
  }

  private static Map<String, BigDecimal> quantities(String json) {
    try {
      Map<String, BigDecimal> quantities = new TreeMap<>();
      for (Map.Entry<String, JsonNode> each : JSON.readTree(json).properties()) {
        quantities.put(each.getKey(), new BigDecimal(each.getValue().asText()));
      }
      return quantities;
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("the quantities of a spend cap are no JSON", malformed);
    }
  }

  private static String json(Map<String, BigDecimal> quantities) {
    ObjectNode json = JSON.createObjectNode();
    quantities.forEach((value, quantity) -> json.put(value, quantity.toPlainString()));
    return json.toString();
  }
}
