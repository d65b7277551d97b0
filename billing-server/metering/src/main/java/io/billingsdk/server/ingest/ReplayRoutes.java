package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.RejectedEventReplay;
import io.billingsdk.server.ledger.RejectedEventReplay.Duplicate;
import io.billingsdk.server.ledger.RejectedEventReplay.NotReplayable;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayOutcome;
import io.billingsdk.server.ledger.RejectedEventReplay.StillRejected;
import io.billingsdk.server.ledger.RejectedEventReplay.Stored;
import io.billingsdk.server.tail.TailItem;
import io.billingsdk.server.tail.TailItem.TailSink;
import java.time.Clock;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Rejected events that are taken in again. */
final class ReplayRoutes {
  private static final String CONFLICT = "CONFLICT";

  private final LedgerAppender appender;
  private final TailSink tail;
  private final Clock clock;

  ReplayRoutes(LedgerAppender appender, TailSink tail, Clock clock) {
    this.appender = appender;
    this.tail = tail;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(Route.write("POST", Route.BASE + "/rejected/{id}/replay", this::replay));
  }

  private record ReplayView(String status) {}

  private ApiResponse replay(Request request) {
    LongFunction<ReceivedEvent> amended = amended(request);
    ReplayOutcome outcome =
        new RejectedEventReplay(request.database(), request.actor(), new ReplayIntake(appender))
            .replay(request.number("id", "the id of a rejected event"), amended);
    if (outcome instanceof Stored stored) {
      if (tail.isWanted()) {
        request.afterCommit(() -> tail.offer(List.of(TailItem.Usage.of(stored.event()))));
      }
      return ApiResponse.ok(new ReplayView("stored"));
    }
    if (outcome instanceof Duplicate) {
      return ApiResponse.ok(new ReplayView("duplicate"));
    }
    throw new ProblemException(problem(outcome, amended != null));
  }

  /** The event that is to be stored in place of the one that was kept; null without one. */
  private @Nullable LongFunction<ReceivedEvent> amended(Request request) {
    if (request.bytes().length == 0) {
      return null;
    }
    if (!request.mediaType().equals(ApiResponse.JSON)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    JsonNode body = JsonBody.tree(request.bytes(), Json::exactTree);
    if (!body.hasNonNull("occurredAt")) {
      // It would be that of the replay: usage of one month on the invoice of another.
      throw Request.invalid("occurredAt", "given: the event did not happen now");
    }
    return EventBody.read(body, null, clock)::numbered;
  }

  private static Problem problem(ReplayOutcome outcome, boolean amended) {
    if (outcome instanceof StillRejected rejected) {
      ProblemResponse problemResponse = ProblemResponse.of(rejected.code(), rejected.detail());
      if (problemResponse.code().equals(CONFLICT)) {
        return Problem.conflict("id", problemResponse.detail());
      }
      return amended
          ? Problem.rejected(problemResponse.field(), problemResponse.detail())
          : Problem.notReplayable(
              "it is still rejected as "
                  + problemResponse.code()
                  + ": "
                  + problemResponse.detail());
    }
    return Problem.notReplayable(((NotReplayable) outcome).why());
  }
}
