package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.ingest.Intake.Outcome;
import io.billingsdk.server.ingest.Intake.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Usage that another feature made of records of its own: it takes the way of all usage, through the
 * same checks and transactions. Thread-safe.
 *
 * <p>Guarantees that a record with an outcome is in the ledger, or kept as rejected, and that a
 * record of the same kind and id is counted once for an app.
 */
public final class RecordIntake {
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final Intake intake;

  RecordIntake(Intake intake) {
    this.intake = intake;
  }

  /**
   * A record.
   *
   * @param kind of records whose ids are different: a word
   * @param id of the record
   * @param event as the body of an event over HTTP
   */
  public record UsageRecord(String kind, String id, JsonNode event) {}

  /**
   * What became of a record.
   *
   * @param status {@code stored}, {@code duplicate}, {@code conflict} or {@code rejected}
   * @param code why it is refused, for machines; empty when it is not
   * @param detail the same in words
   */
  public record RecordOutcome(String status, String code, String detail) {
    /** Whether it is in the ledger, by this call or since before. */
    public boolean isCounted() {
      return code.isEmpty();
    }
  }

  /**
   * Takes records in, and returns when each has an outcome.
   *
   * @return in their order
   * @throws ProblemException when the database does not answer
   */
  public List<RecordOutcome> store(List<UsageRecord> records) {
    List<SentEvent> events = new ArrayList<>();
    for (UsageRecord each : records) {
      events.add(EventBody.read(each.event(), identity(each.kind(), each.id()), Clock.systemUTC()));
    }
    try {
      return intake.store(events).stream().map(RecordIntake::outcome).toList();
    } catch (UnavailableException unavailable) {
      throw new ProblemException(
          Problem.notStored(String.valueOf(unavailable.getMessage())), TRY_AGAIN);
    }
  }

  private static RecordOutcome outcome(Outcome outcome) {
    return new RecordOutcome(
        ProblemResponse.text(outcome.status()), outcome.code(), outcome.detail());
  }

  /** With a space in it, which no key of a client has. */
  private static String identity(String kind, String id) {
    return Bounds.isWellFormedIdempotencyKey(kind + "-" + id) && !KeyMask.isIn(id)
        ? kind + "-record " + id
        : kind + "-record-sha256 " + KeyRef.sha256(id);
  }
}
