package io.billingsdk.server.web;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.ledger.Correction;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.ledger.Corrections.Made;
import io.billingsdk.server.ledger.Corrections.Outcome;
import io.billingsdk.server.ledger.Corrections.Unchanged;
import io.billingsdk.server.ledger.EventRef;
import io.billingsdk.server.tail.TailItem;
import io.billingsdk.server.tail.TailSink;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events that were counted wrongly, and what they should be. */
final class CorrectionRoutes {
  private static final String CORRECTIONS = Route.BASE + "/corrections";
  private static final String LIST = "corrections";

  private final TailSink tail;

  CorrectionRoutes(TailSink tail) {
    this.tail = tail;
  }

  List<Route> routes() {
    return List.of(
        Route.write("POST", CORRECTIONS, this::correct),
        Route.read(CORRECTIONS, CorrectionRoutes::list).query("appId").paged().forApps());
  }

  /**
   * A correction.
   *
   * @param actor null for the token of an app, which the server's operators are no matter of
   */
  private record View(
      UUID stream,
      long seq,
      EventRef corrects,
      String appId,
      BigDecimal usage,
      BigDecimal difference,
      String reason,
      @Nullable String actor,
      Instant correctedAt) {
    static View of(Correction made, boolean isOperator) {
      return new View(
          made.itself().stream(),
          made.itself().seq(),
          made.corrects(),
          made.app(),
          made.usage(),
          made.difference(),
          made.reason(),
          isOperator ? made.actor() : null,
          made.correctedAt());
    }
  }

  private record ResultView(String status, BigDecimal usage, @Nullable View correction) {}

  private Answer correct(Request request) throws SQLException {
    Fields body = request.body();
    EventRef which = new EventRef(body.uuid("stream"), seq(body), body.requiredTime("occurredAt"));
    BigDecimal usage = body.amount("usage");
    String reason = body.text("reason", Bounds.REASON_CHARS);
    body.end();
    Outcome outcome =
        new Corrections(request.database(), request.actor()).correct(which, usage, reason);
    if (outcome instanceof Made made) {
      if (tail.isWanted()) {
        request.afterCommit(() -> tail.offer(List.of(TailItem.Usage.of(made.event()))));
      }
      View view = View.of(made.correction(), /* isOperator= */ true);
      byte[] json = Json.bytes(new ResultView("corrected", view.usage(), view));
      return new Answer.Whole(201, Answer.JSON, json, Map.of());
    }
    return Answer.ok(new ResultView("unchanged", ((Unchanged) outcome).usage(), null));
  }

  private static long seq(Fields body) {
    return body.whole("seq", 0, Long.MAX_VALUE)
        .orElseThrow(() -> body.wrong("seq", "the number of an event in its stream"));
  }

  private static Answer list(Request request) throws SQLException {
    long before = request.numberCursor(LIST).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    List<Correction> found =
        new Corrections(request.database(), request.actor())
            .before(request.app().orElse(null), before, limit + 1);
    boolean isOperator = request.caller().appId() == null;
    return Answer.ok(
        Page.of(
            found,
            limit,
            each -> View.of(each, isOperator),
            each -> Cursor.of(LIST, Long.toString(each.itself().seq()))));
  }
}
