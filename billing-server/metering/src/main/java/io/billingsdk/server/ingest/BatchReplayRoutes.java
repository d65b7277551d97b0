package io.billingsdk.server.ingest;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.BatchReplays.Order;
import io.billingsdk.server.ledger.BatchReplays.Replayed;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.RejectedEventReplay.Duplicate;
import io.billingsdk.server.ledger.RejectedEventReplay.NotReplayable;
import io.billingsdk.server.ledger.RejectedEventReplay.StillRejected;
import io.billingsdk.server.ledger.RejectedEventReplay.Stored;
import io.billingsdk.server.ledger.RejectedEvents.Filter;
import io.billingsdk.server.tail.TailItem;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rejected events that are taken in again, a page at a time. */
final class BatchReplayRoutes {
  private static final String LIST = "replay";
  private static final int LIMIT = 100;
  private static final int MOST = 500;
  private static final long OFFSET_SECONDS = Duration.ofDays(400).toSeconds();

  private final LedgerAppender appender;
  private final TailSink tail;

  BatchReplayRoutes(LedgerAppender appender, TailSink tail) {
    this.appender = appender;
    this.tail = tail;
  }

  List<Route> routes() {
    return List.of(Route.write("POST", Route.BASE + "/rejected/replay", this::replay));
  }

  private record ReplayResult(
      long id,
      @Nullable UUID stream,
      long seq,
      String status,
      @Nullable Instant occurredAt,
      @Nullable String code,
      @Nullable String detail) {
    static ReplayResult of(Replayed replayed) {
      if (replayed.outcome() instanceof StillRejected still) {
        ProblemResponse problemResponse = ProblemResponse.of(still.code(), still.detail());
        return rejected(replayed, problemResponse.code(), problemResponse.detail());
      }
      if (replayed.outcome() instanceof NotReplayable not) {
        return rejected(replayed, "NOT_REPLAYABLE", not.why());
      }
      boolean isStored = replayed.outcome() instanceof Stored;
      return made(replayed, isStored ? "stored" : "duplicate", null, null);
    }

    private static ReplayResult rejected(Replayed replayed, String code, String detail) {
      return made(replayed, "rejected", code, detail);
    }

    private static ReplayResult made(
        Replayed replayed, String status, @Nullable String code, @Nullable String detail) {
      return new ReplayResult(
          replayed.rejected().id(),
          replayed.rejected().stream(),
          replayed.rejected().seq(),
          status,
          replayed.occurred(),
          code,
          detail);
    }
  }

  private record BatchReplayView(
      boolean dryRun,
      int looked,
      long stored,
      long duplicates,
      long rejected,
      List<ReplayResult> results,
      @Nullable String next) {}

  private ApiResponse replay(Request request) {
    JsonBody body = request.body();
    Order order = order(body);
    int limit = body.whole("limit", 1, MOST).orElse((long) LIMIT).intValue();
    long after = body.optionalText("cursor", 1_024).map(BatchReplayRoutes::place).orElse(0L);
    body.end();
    BatchReplays.ReplayPage page =
        new BatchReplays(request.database(), request.actor(), new ReplayIntake(appender))
            .replay(order, after, limit);
    if (!order.isDryRun() && tail.isWanted()) {
      List<TailItem> stored =
          page.replayed().stream()
              .filter(each -> each.outcome() instanceof Stored)
              .map(each -> (TailItem) TailItem.Usage.of(((Stored) each.outcome()).event()))
              .toList();
      request.afterCommit(() -> tail.offer(stored));
    }
    return ApiResponse.ok(view(order, page));
  }

  private static Order order(JsonBody body) {
    Filter filter =
        new Filter(
            body.optionalText("code", 64).map(code -> code(body, code)).orElse(null),
            body.optionalText("instance", Bounds.NAME_CHARS).orElse(null),
            body.has("stream") ? body.uuid("stream") : null,
            body.time("receivedFrom").orElse(null),
            body.time("receivedTo").orElse(null));
    return new Order(
        filter,
        body.optionalText("appId", Bounds.NAME_CHARS).orElse(null),
        Duration.ofSeconds(
                body.whole("occurredAtOffsetSeconds", -OFFSET_SECONDS, OFFSET_SECONDS).orElse(0L))
            .toMillis(),
        body.flag("dryRun"));
  }

  private static String code(JsonBody body, String code) {
    if (!code.matches("[A-Z_]{1,64}")) {
      throw body.wrong("code", "a code as TOO_OLD");
    }
    return code;
  }

  private static long place(String cursor) {
    return Cursor.read(LIST, 1, cursor)
        .map(place -> place.get(0))
        .filter(id -> id.matches("[0-9]{1,18}"))
        .map(Long::parseLong)
        .orElseThrow(() -> Request.invalid("cursor", "what another answer gave as next"));
  }

  private static BatchReplayView view(Order order, BatchReplays.ReplayPage page) {
    List<Replayed> all = page.replayed();
    long stored = all.stream().filter(each -> each.outcome() instanceof Stored).count();
    long duplicates = all.stream().filter(each -> each.outcome() instanceof Duplicate).count();
    Long last = page.last();
    return new BatchReplayView(
        order.isDryRun(),
        page.looked(),
        stored,
        duplicates,
        all.size() - stored - duplicates,
        all.stream().map(ReplayResult::of).toList(),
        last == null ? null : Cursor.of(LIST, Long.toString(last)));
  }
}
