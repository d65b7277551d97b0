package io.billingsdk.server.http;

import io.billingsdk.costs.Catalogue;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Requests of costs and prices that succeed, over the rows that they need. */
final class CostRequests {
  private static final String CHANGE = "999999";

  private static final String COST =
      """
      SELECT ensure_cost_partition('%1$s');
      INSERT INTO cost (at, stream_id, seq, revision, service, model, operation, prompt, state,
        reason, quantity, unit, input_tokens, cached_tokens, output_tokens, usage, adapter,
        service_tier, catalogue, rated_at)
      SELECT '%1$s', stream_id, %2$s, 1, 'llm', 'x', 'x', false, 'unknown', 'no price of x', 1,
        'units', 0, 0, 0, '{}', 'refused/1', 'standard', '%3$s', now()
      FROM stream WHERE uuid = '%4$s'
      ON CONFLICT DO NOTHING
      """;

  private static final String CHANGED =
      """
      DELETE FROM cost_change WHERE undoes = %1$s;
      INSERT INTO cost_change (change_no, kind, reason, selection, fingerprint, catalogue, changed,
        unchanged, differences, actor)
      OVERRIDING SYSTEM VALUE
      VALUES (%1$s, 'rerating', 'r', '{}', 'f', '%2$s', 0, 0, '{}', 'tester')
      ON CONFLICT DO NOTHING
      """;

  private static final String FILE =
      """
      {"version":1,"prices":[{"provider":"p","model":"m%d","currency":"USD","source":"s",
       "prices":{"input_tokens":{"price":"1","per":"1m_tokens"}}}]}
      """;

  private static final String RULE = "mine";
  private static final String RULE_BODY =
      "{\"scope\":\"user\",\"bounds\":[\"5\",\"9.5\"],\"period\":\"rolling\",\"days\":7}";

  private static final String BUDGET =
      """
      {"amount":"%d","thresholds":["0.8","1"],"period":"rolling","days":30}
      """;

  private final HttpTestbed http;
  private int number;

  /** Adds the rows: the cost of an event that is there, and a change. */
  CostRequests(HttpTestbed http) throws SQLException {
    this.http = http;
    String version = Catalogue.EMPTY.version();
    http.world()
        .execute(
            COST.formatted(LedgerRows.OCCURRED_AT, LedgerRows.SEQ, version, LedgerRows.STREAM));
    prepare("undoReRating");
    prepare("muteAlertRule");
  }

  /** A change can be undone once. */
  void prepare(String operation) throws SQLException {
    if (operation.equals("removeAlertRule") || operation.equals("muteAlertRule")) {
      http.send("PUT", "/api/v1/alert-rules/" + RULE, RULE_BODY);
    }
    if (operation.equals("undoReRating")) {
      http.world().execute(CHANGED.formatted(CHANGE, Catalogue.EMPTY.version()));
    }
  }

  /** The path with the names of the rows, and what has to be in its query. */
  static String path(String path) {
    String range = "?from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z";
    return switch (path) {
      case "/api/v1/costs", "/api/v1/costs/focus", "/api/v1/executions" -> path + range;
      case "/api/v1/costs/reratings/{id}/undo" -> path.replace("{id}", CHANGE);
      case "/api/v1/budgets/{rule}" -> path.replace("{rule}", "team");
      default ->
          path.startsWith("/api/v1/costs/events/")
              ? path.replace("{stream}", LedgerRows.STREAM).replace("{seq}", LedgerRows.SEQ)
              : path.replace("{rule}", RULE);
    };
  }

  /** A body with another content each time; null for other operations. */
  @Nullable String body(String operation) {
    return switch (operation) {
      case "planPrices" -> "{\"file\":" + FILE.formatted(++number) + "}";
      case "importPrices" -> imported();
      case "rerateCosts" ->
          "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-02-01T00:00:00Z\",\"dryRun\":true}";
      case "reconcileCosts" ->
          "{\"bill\":\"day,model,currency,amount\\n2026-01-%02d,x,USD,1\"}"
              .formatted(++number % 28 + 1);
      case "undoReRating" -> "{\"reason\":\"r\"}";
      case "putAlertRule" -> RULE_BODY;
      case "muteAlertRule" -> "{\"muted\":true}";
      case "putBudget" -> BUDGET.formatted(++number);
      default -> null;
    };
  }

  private String imported() {
    String file = FILE.formatted(++number);
    String fingerprint =
        http.send("POST", "/api/v1/prices/plan", "{\"file\":" + file + "}")
            .json()
            .path("fingerprint")
            .asText();
    return "{\"file\":%s,\"fingerprint\":\"%s\",\"accept\":[\"a\"],\"reason\":\"r\"}"
        .formatted(file, fingerprint);
  }
}
