package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.http.Answer;
import io.billingsdk.server.http.Fields;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.Replays;
import io.billingsdk.server.ledger.Replays.Duplicate;
import io.billingsdk.server.ledger.Replays.NotReplayable;
import io.billingsdk.server.ledger.Replays.Outcome;
import io.billingsdk.server.ledger.Replays.StillRejected;
import io.billingsdk.server.ledger.Replays.Stored;
import io.billingsdk.server.tail.TailItem;
import io.billingsdk.server.tail.TailSink;
import java.time.Clock;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Rejected events that are taken in again. */
final class ReplayRoutes {
  private static final String CONFLICT = "CONFLICT";

  private final TailSink tail;
  private final Clock clock;

  ReplayRoutes(TailSink tail, Clock clock) {
    this.tail = tail;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(Route.write("POST", Route.BASE + "/rejected/{id}/replay", this::replay));
  }

  private record View(String status) {}

  private Answer replay(Request request) {
    LongFunction<ReceivedEvent> amended = amended(request);
    Outcome outcome =
        new Replays(request.database(), request.actor(), new Reentry())
            .replay(request.number("id", "the id of a rejected event"), amended);
    if (outcome instanceof Stored stored) {
      if (tail.isWanted()) {
        request.afterCommit(() -> tail.offer(List.of(TailItem.Usage.of(stored.event()))));
      }
      return Answer.ok(new View("stored"));
    }
    if (outcome instanceof Duplicate) {
      return Answer.ok(new View("duplicate"));
    }
    throw new ProblemException(problem(outcome, amended != null));
  }

  /** The event that is to be stored in place of the one that was kept; null without one. */
  private @Nullable LongFunction<ReceivedEvent> amended(Request request) {
    if (request.bytes().length == 0) {
      return null;
    }
    if (!request.mediaType().equals(Answer.JSON)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    JsonNode body = Fields.tree(request.bytes(), Json::exactTree);
    if (!body.hasNonNull("occurredAt")) {
      // It would be that of the replay: usage of one month on the invoice of another.
      throw Request.invalid("occurredAt", "given: the event did not happen now");
    }
    return EventBody.read(body, null, clock)::numbered;
  }

  private static Problem problem(Outcome outcome, boolean amended) {
    if (outcome instanceof StillRejected rejected) {
      Refusal refusal = Refusal.of(rejected.code(), rejected.detail());
      if (refusal.code().equals(CONFLICT)) {
        return Problem.conflict("id", refusal.detail());
      }
      return amended
          ? Problem.rejected(refusal.field(), refusal.detail())
          : Problem.notReplayable(
              "it is still rejected as " + refusal.code() + ": " + refusal.detail());
    }
    return Problem.notReplayable(((NotReplayable) outcome).why());
  }
}
