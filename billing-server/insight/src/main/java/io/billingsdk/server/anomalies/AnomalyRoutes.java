package io.billingsdk.server.anomalies;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.anomalies.IncidentRows.ListedIncident;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Incidents of series, and the word of a person that one is expected. */
final class AnomalyRoutes {
  private static final String BASE = Route.BASE + "/anomalies";
  private static final String LIST = "anomalies";
  private static final int REASON_CHARS = 256;
  private static final List<String> STATES =
      List.of("provisional", "confirmed", "expected", "resolved");

  private final InstantSource clock;

  AnomalyRoutes(InstantSource clock) {
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.read(BASE, AnomalyRoutes::list).query("state").paged(),
        Route.write("POST", BASE + "/{id}/expected", this::expect));
  }

  private record AnomalyView(
      long id,
      String size,
      String measure,
      String by,
      String name,
      @Nullable String currency,
      String state,
      Instant onset,
      Instant last,
      String kind,
      String direction,
      BigDecimal actual,
      BigDecimal expected,
      BigDecimal low,
      BigDecimal high,
      String sentence,
      JsonNode causes,
      Instant openedAt,
      @Nullable Long partOf,
      @Nullable Instant alertedAt,
      @Nullable Instant resolvedAt,
      @Nullable String actor,
      @Nullable String reason) {
    static AnomalyView of(ListedIncident each) {
      return new AnomalyView(
          each.id(),
          each.size(),
          each.measure(),
          each.by(),
          SeriesName.shown(each.name()),
          each.currency(),
          each.state(),
          each.onset(),
          each.last(),
          each.kind(),
          each.direction(),
          each.actual(),
          each.expected(),
          each.low(),
          each.high(),
          each.sentence(),
          JsonBody.tree(each.causes().getBytes(StandardCharsets.UTF_8), Json::exactTree),
          each.openedAt(),
          each.partOf(),
          each.alertedAt(),
          each.resolvedAt(),
          each.actor(),
          each.reason());
    }
  }

  private static ApiResponse list(Request request) {
    String state = request.parameter("state").orElse("");
    if (!state.isEmpty() && !STATES.contains(state)) {
      throw Request.invalid("state", "one of " + String.join(", ", STATES));
    }
    long before = request.numberCursor(LIST).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    List<ListedIncident> found =
        request.database().read(handle -> IncidentRows.before(handle, before, state, limit + 1));
    return ApiResponse.ok(
        Page.of(found, limit, AnomalyView::of, each -> Cursor.of(LIST, Long.toString(each.id()))));
  }

  private ApiResponse expect(Request request) {
    long id = request.number("id", "the id of an anomaly");
    JsonBody body = request.body();
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    Watch watch = new Watch(request.database());
    ListedIncident now =
        request
            .database()
            .inTransaction(
                handle -> watch.expect(handle, id, reason, request.actor(), clock.instant()));
    return ApiResponse.ok(AnomalyView.of(now));
  }
}
