package io.billingsdk.server.performance;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.performance.ExecutionList.Filter;
import io.billingsdk.server.performance.ExecutionList.Listed;
import io.billingsdk.server.performance.ExecutionList.Place;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The list of executions. */
final class ExecutionRoutes {
  private static final String LIST = "executions";
  private static final String EXECUTIONS = Route.BASE + "/" + LIST;
  private static final int NAME_CHARS = 256;

  private ExecutionRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(EXECUTIONS, ExecutionRoutes::list)
            .query("from", "to", "taskType", "currency")
            .paged());
  }

  /** An execution as the list shows it. */
  record ExecutionView(
      String executionId,
      Instant startedAt,
      @Nullable String userId,
      String taskType,
      String status,
      @Nullable String errorMessage,
      int steps,
      long costs,
      long unknownCosts,
      @Nullable BigDecimal totalCost,
      String currency) {
    static ExecutionView of(Listed listed, String currency) {
      BigDecimal cost = listed.total().cost();
      return new ExecutionView(
          listed.execution(),
          listed.startedAt(),
          listed.subject(),
          listed.taskType(),
          listed.status().status(),
          listed.status().error(),
          listed.steps(),
          listed.total().costs(),
          listed.total().unknown(),
          cost == null ? null : Answer.plain(cost),
          currency);
    }
  }

  private static ApiResponse list(Request request) {
    String task = request.parameter("taskType").filter(text -> !text.isEmpty()).orElse(null);
    if (task != null && task.length() > NAME_CHARS) {
      throw Request.invalid("taskType", "a text of at most " + NAME_CHARS + " characters");
    }
    Filter filter = new Filter(required(request, "from"), required(request, "to"), task);
    String currency = Question.currency(request);
    Place after =
        request
            .cursor(LIST, 2)
            .map(parts -> new Place(Request.time("cursor", parts.get(0)), parts.get(1)))
            .orElse(new Place(filter.from(), ""));
    int limit = request.limit();
    List<Listed> found =
        new ExecutionList(request.database()).list(filter, after, currency, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            each -> ExecutionView.of(each, currency),
            each -> Cursor.of(LIST, each.startedAt().toString(), each.execution())));
  }

  private static Instant required(Request request, String name) {
    return request
        .time(name)
        .orElseThrow(() -> Request.invalid(name, "a time in UTC, as 2027-01-31T00:00:00Z"));
  }
}
