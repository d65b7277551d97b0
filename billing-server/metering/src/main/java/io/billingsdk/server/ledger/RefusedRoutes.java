package io.billingsdk.server.ledger;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Refused events: rejected ones, and those that contradict counted ones. */
final class RefusedRoutes {
  private static final UUID FIRST = new UUID(0, 0);
  private static final int CODE_CHARS = 64;

  /** The parameters of a {@link RejectedEventFilter} that all lists of such events have. */
  private static final String[] RECEIVED = {"instance", "stream", "receivedFrom", "receivedTo"};

  private RefusedRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/rejected", RefusedRoutes::rejected)
            .paged()
            .query("code", "replayed")
            .query(RECEIVED),
        Route.read(Route.BASE + "/rejected/{id}", RefusedRoutes::oneRejected),
        Route.read(Route.BASE + "/conflicting", RefusedRoutes::conflicting)
            .paged()
            .query(RECEIVED));
  }

  private static ApiResponse rejected(Request request) {
    long before = request.numberCursor("rejected").orElse(Long.MAX_VALUE);
    String code = request.parameter("code").orElse(null);
    if (code != null && !code.matches("[A-Z_]{1," + CODE_CHARS + "}")) {
      throw Request.invalid("code", "a code as TOO_OLD");
    }
    int limit = request.limit();
    List<RejectedEvents.RejectedEvent> found =
        new RejectedEvents(request.database()).rejected(before, filter(request, code), limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            RejectedEventViews.RejectedView::of,
            each -> Cursor.of("rejected", Long.toString(each.id()))));
  }

  private static RejectedEventFilter filter(Request request, @Nullable String code) {
    return new RejectedEventFilter(
        code,
        request.flag("replayed").orElse(null),
        request.parameter("instance").orElse(null),
        request.parameter("stream").map(text -> Request.uuid("stream", text)).orElse(null),
        request.time("receivedFrom").orElse(null),
        request.time("receivedTo").orElse(null));
  }

  private static ApiResponse oneRejected(Request request) {
    long id = request.number("id", "the id of a rejected event");
    return new RejectedEvents(request.database())
        .one(id)
        .map(found -> ApiResponse.ok(RejectedEventViews.RejectedView.of(found)))
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("id", "there is no rejected event " + id)));
  }

  private static ApiResponse conflicting(Request request) {
    List<String> place =
        request.cursor("conflicting", 3).orElse(List.of(FIRST.toString(), "0", ""));
    if (!Cursor.isNumber(place.get(1)) || !place.get(2).matches("([0-9a-f]{2}){0,64}")) {
      throw Request.invalid("cursor", "the next of an earlier answer");
    }
    int limit = request.limit();
    List<RejectedEvents.ConflictingEvent> found =
        new RejectedEvents(request.database())
            .conflictingAfter(
                Request.uuid("cursor", place.get(0)),
                Long.parseLong(place.get(1)),
                place.get(2),
                filter(request, null),
                limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            RejectedEventViews.ConflictingView::of,
            each ->
                Cursor.of(
                    "conflicting",
                    each.stream().toString(),
                    Long.toString(each.seq()),
                    each.hash())));
  }
}
