package io.billingsdk.server.web;

import io.billingsdk.server.access.AuditFilter;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.ledger.Producers;
import io.billingsdk.server.ledger.Producers.Producer;
import io.billingsdk.server.ledger.Refused;
import io.billingsdk.server.ledger.RefusedFilter;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether all is there: instances, streams, what was refused, and who changed what. */
final class LedgerRoutes {
  private static final String STREAMS = Route.BASE + "/streams";
  private static final UUID FIRST = new UUID(0, 0);
  private static final int CODE_CHARS = 64;

  /** The parameters of a {@link RefusedFilter} that all lists of such events have. */
  private static final String[] RECEIVED = {"instance", "stream", "receivedFrom", "receivedTo"};

  private LedgerRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/instances", LedgerRoutes::instances).paged(),
        Route.read(STREAMS, LedgerRoutes::streams).paged(),
        Route.read(STREAMS + "/{stream}", LedgerRoutes::stream),
        Route.read(Route.BASE + "/rejected", LedgerRoutes::rejected)
            .paged()
            .query("code", "replayed")
            .query(RECEIVED),
        Route.read(Route.BASE + "/rejected/{id}", LedgerRoutes::oneRejected),
        Route.read(Route.BASE + "/conflicting", LedgerRoutes::conflicting).paged().query(RECEIVED),
        Route.read(Route.BASE + "/audit", LedgerRoutes::audit)
            .paged()
            .query("actor", "action", "subject", "from", "to"));
  }

  private static Answer instances(Request request) throws SQLException {
    String after = request.cursor("instances", 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<Producer> found = new Producers(request.database()).after(after, limit + 1);
    return Answer.ok(
        Page.of(
            found,
            limit,
            LedgerViews.Instance::of,
            each -> Cursor.of("instances", each.instance())));
  }

  private static Answer streams(Request request) throws SQLException {
    UUID after =
        request
            .cursor("streams", 1)
            .map(place -> Request.uuid("cursor", place.get(0)))
            .orElse(FIRST);
    int limit = request.limit();
    List<StreamState> found = new Streams(request.database()).after(after, limit + 1);
    return Answer.ok(
        Page.of(
            found,
            limit,
            LedgerViews.Stream::of,
            each -> Cursor.of("streams", each.stream().toString())));
  }

  private static Answer stream(Request request) throws SQLException {
    UUID stream = Request.uuid("stream", request.path("stream"));
    return new Streams(request.database())
        .one(stream)
        .map(found -> Answer.ok(LedgerViews.Stream.of(found)))
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.notFound("stream", "nothing has come of the stream " + stream)));
  }

  private static Answer rejected(Request request) throws SQLException {
    long before = request.numberCursor("rejected").orElse(Long.MAX_VALUE);
    String code = request.parameter("code").orElse(null);
    if (code != null && !code.matches("[A-Z_]{1," + CODE_CHARS + "}")) {
      throw Request.invalid("code", "a code as TOO_OLD");
    }
    int limit = request.limit();
    List<Refused.Rejected> found =
        new Refused(request.database()).rejected(before, filter(request, code), limit + 1);
    return Answer.ok(
        Page.of(
            found,
            limit,
            LedgerViews.Rejected::of,
            each -> Cursor.of("rejected", Long.toString(each.id()))));
  }

  private static RefusedFilter filter(Request request, @Nullable String code) {
    return new RefusedFilter(
        code,
        request.flag("replayed").orElse(null),
        request.parameter("instance").orElse(null),
        request.parameter("stream").map(text -> Request.uuid("stream", text)).orElse(null),
        request.time("receivedFrom").orElse(null),
        request.time("receivedTo").orElse(null));
  }

  private static Answer oneRejected(Request request) throws SQLException {
    long id = ReplayRoutes.id(request);
    return new Refused(request.database())
        .one(id)
        .map(found -> Answer.ok(LedgerViews.Rejected.of(found)))
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("id", "there is no rejected event " + id)));
  }

  private static Answer conflicting(Request request) throws SQLException {
    List<String> place =
        request.cursor("conflicting", 3).orElse(List.of(FIRST.toString(), "0", ""));
    if (!Cursor.isNumber(place.get(1)) || !place.get(2).matches("([0-9a-f]{2}){0,64}")) {
      throw Request.invalid("cursor", "what another page gave as next");
    }
    int limit = request.limit();
    List<Refused.Conflicting> found =
        new Refused(request.database())
            .conflictingAfter(
                Request.uuid("cursor", place.get(0)),
                Long.parseLong(place.get(1)),
                place.get(2),
                filter(request, null),
                limit + 1);
    return Answer.ok(
        Page.of(
            found,
            limit,
            LedgerViews.Conflicting::of,
            each ->
                Cursor.of(
                    "conflicting",
                    each.stream().toString(),
                    Long.toString(each.seq()),
                    each.hash())));
  }

  private static Answer audit(Request request) throws SQLException {
    long before = request.numberCursor("audit").orElse(Long.MAX_VALUE);
    int limit = request.limit();
    AuditFilter filter =
        new AuditFilter(
            request.parameter("actor").orElse(null),
            request.parameter("action").orElse(null),
            request.parameter("subject").orElse(null),
            request.time("from").orElse(null),
            request.time("to").orElse(null));
    List<AuditLog.Entry> found = new AuditLog(request.database()).before(before, filter, limit + 1);
    return Answer.ok(
        Page.of(found, limit, each -> each, each -> Cursor.of("audit", Long.toString(each.id()))));
  }
}
