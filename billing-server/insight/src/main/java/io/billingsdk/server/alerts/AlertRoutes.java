package io.billingsdk.server.alerts;

import io.billingsdk.costs.AlertWindow.Slice;
import io.billingsdk.server.alerts.AlertRows.AlertRow;
import io.billingsdk.server.alerts.AlertViews.AlertView;
import io.billingsdk.server.alerts.AlertViews.BudgetListView;
import io.billingsdk.server.alerts.AlertViews.BudgetView;
import io.billingsdk.server.alerts.AlertViews.RemovedRuleView;
import io.billingsdk.server.alerts.AlertViews.RuleListView;
import io.billingsdk.server.alerts.AlertViews.RuleView;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Alerts, the rules that make them, and budgets. */
final class AlertRoutes {
  private static final String ALERTS = Route.BASE + "/alerts";
  private static final String RULES = Route.BASE + "/alert-rules";
  private static final String BUDGETS = Route.BASE + "/budgets";
  private static final String LIST = "alerts";
  private static final List<String> STATES = List.of("open", "resolved");
  private static final int NAME_CHARS = 64;

  private final InstantSource clock;

  AlertRoutes(InstantSource clock) {
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.read(ALERTS, AlertRoutes::alerts).query("state", "rule").paged(),
        Route.read(RULES, AlertRoutes::rules),
        change("PUT", RULES + "/{rule}", this::putRule),
        change("DELETE", RULES + "/{rule}", this::remove),
        change("POST", RULES + "/{rule}/mute", this::mute),
        Route.read(BUDGETS, this::budgets),
        change("PUT", BUDGETS + "/{rule}", this::putBudget));
  }

  private static Route change(String method, String path, Route.Handler handler) {
    return Route.write(method, path, handler).needing(RequiredScope.FINANCE);
  }

  private static ApiResponse alerts(Request request) {
    long below = request.numberCursor(LIST).orElse(Long.MAX_VALUE);
    String state = request.parameter("state").orElse(null);
    if (state != null && !STATES.contains(state)) {
      throw Request.invalid("state", "open or resolved");
    }
    String rule = request.parameter("rule").orElse(null);
    if (rule != null && (rule.isBlank() || rule.length() > NAME_CHARS)) {
      throw Request.invalid("rule", "a text of 1 to " + NAME_CHARS + " characters");
    }
    int limit = request.limit();
    List<AlertRow> found =
        request.database().read(handle -> AlertRows.list(handle, below, state, rule, limit + 1));
    return ApiResponse.ok(
        Page.of(
            found, limit, AlertView::of, each -> Cursor.of(LIST, Long.toString(each.number()))));
  }

  private static ApiResponse rules(Request request) {
    List<StoredRule> rules = request.database().read(handle -> RuleRows.all(handle));
    return ApiResponse.ok(
        new RuleListView(
            rules.stream()
                .filter(each -> !AlertRequests.isBudget(each))
                .map(RuleView::of)
                .toList()));
  }

  private ApiResponse putRule(Request request) {
    StoredRule rule = AlertRequests.rule(AlertRequests.name(request), request.body());
    return ApiResponse.ok(RuleView.of(desk(request).put(rule)));
  }

  private ApiResponse putBudget(Request request) {
    StoredRule rule = AlertRequests.budget(AlertRequests.name(request), request.body());
    StoredRule put = desk(request).put(rule);
    return ApiResponse.ok(request.database().read(handle -> view(handle, put)));
  }

  private ApiResponse remove(Request request) {
    String name = AlertRequests.name(request);
    desk(request).remove(name);
    return ApiResponse.ok(new RemovedRuleView(name));
  }

  private ApiResponse mute(Request request) {
    JsonBody body = request.body();
    if (!body.has("muted")) {
      throw body.wrong("muted", "true or false");
    }
    boolean muted = body.flag("muted");
    body.end();
    return ApiResponse.ok(RuleView.of(desk(request).mute(AlertRequests.name(request), muted)));
  }

  private ApiResponse budgets(Request request) {
    return ApiResponse.ok(
        request
            .database()
            .read(
                handle ->
                    new BudgetListView(
                        RuleRows.all(handle).stream()
                            .filter(AlertRequests::isBudget)
                            .map(each -> view(handle, each))
                            .toList())));
  }

  private BudgetView view(Handle handle, StoredRule rule) {
    Slice slice = rule.window().current(clock.instant());
    return BudgetView.of(rule, slice, new RuleAmounts(handle, rule).spent(slice));
  }

  private AlertDesk desk(Request request) {
    return new AlertDesk(
        request.database(), request.actor(), clock.instant().truncatedTo(ChronoUnit.MICROS));
  }
}
