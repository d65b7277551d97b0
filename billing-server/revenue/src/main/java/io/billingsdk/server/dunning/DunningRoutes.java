package io.billingsdk.server.dunning;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.dunning.DunningViews.CaseDetailView;
import io.billingsdk.server.dunning.DunningViews.CaseView;
import io.billingsdk.server.dunning.DunningViews.RuleView;
import io.billingsdk.server.dunning.DunningViews.RulesView;
import io.billingsdk.server.dunning.DunningViews.ThresholdView;
import io.billingsdk.server.dunning.RetryCase.CaseState;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Charges that were declined, and the rules of their retries. */
final class DunningRoutes {
  private static final String CASES = Route.BASE + "/dunning";
  private static final String CASE = CASES + "/{number}";
  private static final String RULES = Route.BASE + "/dunning-rules";
  private static final String THRESHOLDS = Route.BASE + "/dunning-thresholds";
  private static final String LIST = "dunning";
  private static final int ID_CHARS = 64;
  private static final int NUMBER_CHARS = 160;
  private static final int REASON_CHARS = 256;
  private static final int WORD_CHARS = 16;
  private static final int MOST_WINDOW_DAYS = 365;

  private DunningRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(CASES, DunningRoutes::list).query("customerId", "state").paged().forCustomers(),
        Route.read(CASE, DunningRoutes::get).forCustomers(),
        change("POST", CASE + "/stop", DunningRoutes::stop),
        change("POST", CASE + "/retry", DunningRoutes::retry),
        Route.read(RULES, DunningRoutes::rules),
        change("PUT", RULES + "/{declineClass}", DunningRoutes::setRule),
        change("PUT", THRESHOLDS + "/{currency}", DunningRoutes::setThreshold));
  }

  private static Route change(String method, String path, Route.Handler handler) {
    return Route.write(method, path, handler).needing(RequiredScope.FINANCE);
  }

  private static ApiResponse list(Request request) {
    @Nullable String customer = customer(request);
    @Nullable String state = request.parameter("state").orElse(null);
    if (state != null
        && Arrays.stream(CaseState.values()).noneMatch(each -> each.text().equals(state))) {
      throw Request.invalid("state", "a state of a declined charge, such as waiting");
    }
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<RetryCase> found = cases(request).page(customer, state, after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, CaseView::of, each -> Cursor.of(LIST, each.number())));
  }

  private static ApiResponse get(Request request) {
    RetryCase found = cases(request).require(number(request));
    @Nullable String own = request.caller().customerId();
    if (own != null && !own.equals(found.customer())) {
      throw RequestRefusedException.notFound(
          "number", "no charge of the invoice " + found.number() + " was declined");
    }
    return ApiResponse.ok(CaseDetailView.of(found, cases(request).attempts(found.number())));
  }

  private static ApiResponse stop(Request request) {
    String reason = reason(request);
    return ApiResponse.ok(CaseView.of(cases(request).stop(number(request), reason)));
  }

  private static ApiResponse retry(Request request) {
    String reason = reason(request);
    return ApiResponse.ok(CaseView.of(cases(request).retryNow(number(request), reason)));
  }

  private static String reason(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    return reason;
  }

  private static ApiResponse rules(Request request) {
    RetryRules rules = new RetryRules(request.database(), request.actor());
    return ApiResponse.ok(RulesView.of(rules.rules(), rules.thresholds()));
  }

  private static ApiResponse setRule(Request request) {
    DeclineKind of = declineClass(request.path("declineClass"));
    JsonBody body = request.body();
    List<Integer> days = days(body);
    String from = body.text("countedFrom", WORD_CHARS);
    if (!from.equals("first") && !from.equals("previous")) {
      throw body.wrong("countedFrom", "first or previous");
    }
    int window = body.whole("windowDays", 0, MOST_WINDOW_DAYS).orElse(0L).intValue();
    body.end();
    RetryRule rule = new RetryRule(days, from.equals("previous"), window);
    RetryRules rules = new RetryRules(request.database(), request.actor());
    return ApiResponse.ok(RuleView.of(of, rules.set(of, rule)));
  }

  private static DeclineKind declineClass(String text) {
    return Arrays.stream(DeclineKind.values())
        .filter(each -> each.text().equals(text))
        .findFirst()
        .orElseThrow(() -> Request.invalid("declineClass", "funds, temporary, hard or method"));
  }

  private static List<Integer> days(JsonBody body) {
    return body.wholes("days", RetryRule.MOST_RETRIES, 1, RetryRule.MOST_DAYS).stream()
        .map(Long::intValue)
        .toList();
  }

  private static ApiResponse setThreshold(Request request) {
    String currency = request.path("currency");
    JsonBody body = request.body();
    Money least;
    try {
      least = Money.of(currency, body.amount("least"));
    } catch (RatingInputException refused) {
      throw Request.invalid(refused.field(), refused.expectation());
    }
    body.end();
    RetryRules rules = new RetryRules(request.database(), request.actor());
    return ApiResponse.ok(ThresholdView.of(rules.setThreshold(least)));
  }

  private static String number(Request request) {
    return id("number", request.path("number"), NUMBER_CHARS);
  }

  private static String id(String field, String id, int chars) {
    if (id.isEmpty() || id.length() > chars) {
      throw Request.invalid(field, "1 to " + chars + " characters");
    }
    return id;
  }

  /** The one that is asked for; that of a customer's token is its own. */
  private static @Nullable String customer(Request request) {
    @Nullable String own = request.caller().customerId();
    @Nullable String asked =
        request.parameter("customerId").map(each -> id("customerId", each, ID_CHARS)).orElse(own);
    if (own != null && !own.equals(asked)) {
      throw RequestRefusedException.notFound(
          "customerId", "there is no customer " + Request.shown(String.valueOf(asked)));
    }
    return asked;
  }

  private static RetryCases cases(Request request) {
    return new RetryCases(request.database(), request.actor());
  }
}
