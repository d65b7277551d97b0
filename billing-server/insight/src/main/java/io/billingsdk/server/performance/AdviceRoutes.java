package io.billingsdk.server.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.Advice;
import io.billingsdk.costs.AdviceInput;
import io.billingsdk.costs.AdviceLimits;
import io.billingsdk.costs.Advisor;
import io.billingsdk.costs.LocalDays.Period;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.costs.TokenPrices;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.performance.Sums.By;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Advice about the costs of the day, week or month so far, and its dismissal by a person. */
final class AdviceRoutes {
  private static final String BASE = "/api/analytics/recommendations";
  private static final int NAME_CHARS = 256;
  private static final int TYPE_CHARS = 64;
  private static final int REASON_CHARS = 1_000;

  private static final String DISMISSED = "SELECT advice FROM advice_dismissal";

  private static final String DISMISS =
      """
      INSERT INTO advice_dismissal (advice, reason, actor) VALUES (:advice, :reason, :actor)
      ON CONFLICT (advice) DO UPDATE SET reason = excluded.reason, actor = excluded.actor,
        dismissed_at = now()
      """;

  private final InstantSource clock;

  AdviceRoutes(InstantSource clock) {
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.read(BASE, this::advice).query(Question.PARAMETERS).ignoringOthers(),
        Route.write("POST", BASE + "/dismissals", AdviceRoutes::dismiss));
  }

  private ApiResponse advice(Request request) {
    Question question = Question.of(request, Period.MONTHLY, clock.instant());
    Advisor.Report report = request.database().read(handle -> report(handle, question));
    Answer answer = new Answer("type", "priority", "message", "data", "rule", "money");
    report
        .advice()
        .forEach(
            each ->
                answer.row(
                    each.type(),
                    each.priority().name().toLowerCase(Locale.ROOT),
                    each.message(),
                    data(each),
                    each.rule(),
                    each.money()));
    if (!report.notes().isEmpty()) {
      answer.header("Billing-Notes", String.join("; ", report.notes()));
    }
    return answer.in(request);
  }

  private static ObjectNode data(Advice advice) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    advice.data().forEach((name, text) -> data.set(name, value(text)));
    return data;
  }

  /** Amounts are numbers here, as in all of these answers. */
  private static JsonNode value(String text) {
    return text.matches("-?[0-9]{1,40}([.][0-9]{1,40})?")
        ? Json.number(new BigDecimal(text))
        : JsonNodeFactory.instance.textNode(text);
  }

  static Advisor.Report report(Handle handle, Question question) {
    Set<String> dismissed =
        Set.copyOf(
            handle.createQuery(DISMISSED).map(ResultRow.to(row -> row.text("advice"))).list());
    AdviceLimits limits = AdviceLimits.usual();
    return Advisor.of(limits).advise(input(handle, question, limits), dismissed);
  }

  private static AdviceInput input(Handle handle, Question question, AdviceLimits limits) {
    Pieces pieces = Pieces.of(List.of(question.soFar()));
    Map<String, BigDecimal> users = new TreeMap<>();
    CostSum.byName(Sums.of(handle, By.USER, pieces), question.currency())
        .forEach((name, sum) -> users.put(name, sum.known()));
    // Nobody can be advised about uses without a user.
    users.remove("");
    Map<Series, Figures> operations = Sums.operations(handle, pieces);
    Map<String, BigDecimal> services = new TreeMap<>();
    operations.forEach(
        (series, figures) -> {
          if (series.currency().equals(question.currency())) {
            services.merge(series.service(), figures.amount(), BigDecimal::add);
          }
        });
    TokenPrices prices = TokenPrices.of(handle, question.now(), question.currency());
    OperationFigures figures = new OperationFigures(prices, limits, question.currency());
    return new AdviceInput(question.currency(), users, services, figures.of(operations));
  }

  private static ApiResponse dismiss(Request request) {
    JsonBody body = request.body();
    String type = body.text("type", TYPE_CHARS);
    String subject = body.text("subject", NAME_CHARS);
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    String advice = type + " " + subject;
    request
        .database()
        .useTransaction(
            handle -> {
              handle
                  .createUpdate(DISMISS)
                  .bind("advice", advice)
                  .bind("reason", reason)
                  .bind("actor", request.actor().name())
                  .execute();
              AuditLog.write(
                  handle,
                  request.actor(),
                  "advice.dismiss",
                  advice,
                  null,
                  Map.of("reason", reason));
            });
    return ApiResponse.ok(Map.of("success", true));
  }
}
