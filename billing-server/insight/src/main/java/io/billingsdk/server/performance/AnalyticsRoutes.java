package io.billingsdk.server.performance;

import io.billingsdk.costs.LocalDays.Period;
import io.billingsdk.server.costs.RemovedCosts;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.time.InstantSource;
import java.util.List;

/** The analytics of costs and of time, in shapes that are given: bare arrays, snake_case. */
final class AnalyticsRoutes {
  private static final String BASE = "/api/analytics";

  private static final int NAME_CHARS = 256;

  private final InstantSource clock;

  AnalyticsRoutes(InstantSource clock) {
    this.clock = clock;
  }

  List<Route> routes() {
    CostAnswers costs = new CostAnswers(clock);
    return List.of(
        route("/cost/users", costs::users).query("topN"),
        route("/cost/services", costs::services),
        route("/cost/trend", costs::trend).query("days"),
        route("/cost/prompts", costs::prompts),
        route("/performance/bottleneck", this::bottleneck).query("taskType"),
        Route.read(BASE + "/executions/{id}", AnalyticsRoutes::execution)
            .query("currency")
            .ignoringOthers());
  }

  private static Route route(String path, Route.Handler handler) {
    return Route.read(BASE + path, handler).query(Question.PARAMETERS).ignoringOthers();
  }

  private ApiResponse bottleneck(Request request) {
    Question question = Question.of(request, Period.WEEKLY, clock.instant());
    String task = request.parameter("taskType").filter(text -> !text.isEmpty()).orElse(null);
    if (task != null && task.length() > NAME_CHARS) {
      throw Request.invalid("taskType", "a text of at most " + NAME_CHARS + " characters");
    }
    Answer answer =
        new Answer("step_name", "avg_duration", "p95_duration", "max_duration", "count");
    new Bottlenecks(request.database())
        .of(question.soFar(), task)
        .forEach(
            each -> answer.row(each.step(), each.average(), each.p95(), each.most(), each.count()));
    return answer.in(request);
  }

  private static ApiResponse execution(Request request) {
    String id = request.path("id");
    return new Executions(request.database())
        .find(id, Question.currency(request))
        .map(ApiResponse::ok)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.notFound(
                        "id", "there is no execution " + Request.shown(id) + removed(request))));
  }

  /** An execution that is removed may have been there. */
  private static String removed(Request request) {
    return request
        .database()
        .read(RemovedCosts::before)
        .map(before -> ". Costs and steps before " + before + " are removed")
        .orElse("");
  }
}
