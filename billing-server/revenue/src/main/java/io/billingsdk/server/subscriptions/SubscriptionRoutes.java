package io.billingsdk.server.subscriptions;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Order.Begin;
import io.billingsdk.server.subscriptions.SubscriptionRows.Filter;
import io.billingsdk.server.subscriptions.SubscriptionView.CourseView;
import io.billingsdk.server.subscriptions.SubscriptionView.EventView;
import java.util.List;
import java.util.UUID;

/** Subscriptions. */
final class SubscriptionRoutes {
  private static final String ALL = Route.BASE + "/subscriptions";
  private static final String ID = "subscriptionId";
  private static final String ONE = ALL + "/{" + ID + "}";
  private static final String LIST = "subscriptions";
  private static final String EVENTS = "subscription-events";
  private static final UUID FIRST = new UUID(0, 0);

  private final Surroundings surroundings;
  private final ChangeNotices notices;

  SubscriptionRoutes(Surroundings surroundings, ChangeNotices notices) {
    this.surroundings = surroundings;
    this.notices = notices;
  }

  List<Route> routes() {
    return List.of(
        Route.read(ALL, this::list).query("customerId", "state", "plan").paged(),
        Route.write("POST", ALL, this::start).needing(RequiredScope.FINANCE),
        // Before the one whose path is any id.
        Route.read(ALL + "/preview", this::previewOfStart)
            .query("customerId", "plan", "version", "anchor", "proration", "at"),
        Route.read(ONE, this::get),
        Route.read(ONE + "/events", this::events).paged(),
        Route.read(ONE + "/preview", this::preview)
            .query("act", "plan", "version", "timing", "billDay", "revision", "at"),
        Route.write("POST", ONE + "/changes", this::change).needing(RequiredScope.FINANCE));
  }

  private ApiResponse list(Request request) {
    GivenParameters given = GivenParameters.of(request);
    Filter filter =
        new Filter(
            given.text("customerId", OrderParameters.ID_CHARS).orElse(null),
            OrderParameters.state(given).orElse(null),
            given.text("plan", OrderParameters.ID_CHARS).orElse(null));
    UUID after =
        request.cursor(LIST, 1).map(place -> Request.uuid("cursor", place.get(0))).orElse(FIRST);
    int limit = request.limit();
    List<Subscription> found = subscriptions(request).page(filter, after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, SubscriptionView::of, each -> Cursor.of(LIST, each.id().toString())));
  }

  private ApiResponse start(Request request) {
    JsonBody body = request.body();
    Begin order = OrderParameters.begin(GivenParameters.of(body));
    body.end();
    Course course = subscriptions(request).start(order);
    CourseView view = CourseView.of(course, /* isStored= */ true);
    return ApiResponse.created(ALL + "/" + view.subscription().subscriptionId(), view);
  }

  private ApiResponse previewOfStart(Request request) {
    Begin order = OrderParameters.begin(GivenParameters.of(request));
    return ApiResponse.ok(
        CourseView.of(subscriptions(request).preview(order), /* isStored= */ false));
  }

  private ApiResponse get(Request request) {
    return ApiResponse.ok(
        SubscriptionView.of(subscriptions(request).require(OrderParameters.id(request, ID))));
  }

  private ApiResponse events(Request request) {
    UUID id = OrderParameters.id(request, ID);
    long after = request.numberCursor(EVENTS).orElse(0L);
    int limit = request.limit();
    List<SubscriptionEvent> found = subscriptions(request).events(id, after, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found, limit, EventView::of, each -> Cursor.of(EVENTS, Long.toString(each.number()))));
  }

  private ApiResponse preview(Request request) {
    UUID id = OrderParameters.id(request, ID);
    Alter order = OrderParameters.alter(GivenParameters.of(request));
    return ApiResponse.ok(
        CourseView.of(subscriptions(request).preview(id, order), /* isStored= */ true));
  }

  private ApiResponse change(Request request) {
    UUID id = OrderParameters.id(request, ID);
    JsonBody body = request.body();
    Alter order = OrderParameters.alter(GivenParameters.of(body));
    body.end();
    return ApiResponse.ok(
        CourseView.of(subscriptions(request).change(id, order), /* isStored= */ true));
  }

  private Subscriptions subscriptions(Request request) {
    return new Subscriptions(request.database(), request.actor(), surroundings, notices);
  }
}
