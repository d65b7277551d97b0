package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.Corrections.CorrectionOutcome;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.Corrections.Made;
import io.billingsdk.server.ledger.Corrections.Unchanged;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Events that were counted wrongly, and what they should be. */
final class CorrectionRoutes {
  private static final String CORRECTIONS = Route.BASE + "/corrections";
  private static final String LIST = "corrections";

  private final LedgerAppender appender;
  private final Consumer<StoredEvent> committed;

  /**
   * Into a ledger.
   *
   * @param committed takes each correction once it is committed
   */
  CorrectionRoutes(LedgerAppender appender, Consumer<StoredEvent> committed) {
    this.appender = appender;
    this.committed = committed;
  }

  List<Route> routes() {
    return List.of(
        Route.write("POST", CORRECTIONS, this::correct),
        Route.read(CORRECTIONS, this::list).query("appId").paged().forApps());
  }

  /**
   * A correction.
   *
   * @param actor null for the token of an app, which the server's operators are no matter of
   */
  private record CorrectionView(
      UUID stream,
      long seq,
      EventRef corrects,
      String appId,
      BigDecimal usage,
      BigDecimal difference,
      String reason,
      @Nullable String actor,
      Instant correctedAt) {
    static CorrectionView of(Correction made, boolean isOperator) {
      return new CorrectionView(
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

  private record ResultView(String status, BigDecimal usage, @Nullable CorrectionView correction) {}

  private Corrections corrections(Request request) {
    return new Corrections(request.database(), request.actor(), appender);
  }

  private ApiResponse correct(Request request) {
    JsonBody body = request.body();
    EventRef which = new EventRef(body.uuid("stream"), seq(body), body.requiredTime("occurredAt"));
    BigDecimal usage = body.amount("usage");
    String reason = body.text("reason", Bounds.REASON_CHARS);
    body.end();
    CorrectionOutcome outcome = corrections(request).correct(which, usage, reason);
    if (outcome instanceof Made made) {
      request.afterCommit(() -> committed.accept(made.event()));
      CorrectionView view = CorrectionView.of(made.correction(), /* isOperator= */ true);
      byte[] json = Json.bytes(new ResultView("corrected", view.usage(), view));
      return new ApiResponse.Whole(201, ApiResponse.JSON, json, Map.of());
    }
    return ApiResponse.ok(new ResultView("unchanged", ((Unchanged) outcome).usage(), null));
  }

  private static long seq(JsonBody body) {
    return body.whole("seq", 0, Long.MAX_VALUE)
        .orElseThrow(() -> body.wrong("seq", "the number of an event in its stream"));
  }

  private ApiResponse list(Request request) {
    long before = request.numberCursor(LIST).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    List<Correction> found =
        corrections(request).before(request.app().orElse(null), before, limit + 1);
    boolean isOperator = request.caller().appId() == null;
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            each -> CorrectionView.of(each, isOperator),
            each -> Cursor.of(LIST, Long.toString(each.itself().seq()))));
  }
}
