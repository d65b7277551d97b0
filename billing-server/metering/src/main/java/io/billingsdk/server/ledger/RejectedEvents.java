package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events that were not counted, and are kept with their reason. Thread-safe. */
public final class RejectedEvents {
  private final Database database;

  /** In a database. */
  public RejectedEvents(Database database) {
    this.database = database;
  }

  /**
   * An event that was rejected.
   *
   * @param id grows with each
   * @param stream null of a message that could not be read, and of protocol v1
   * @param content the event as JSON; of a message that could not be read its length
   * @param replayed when it was taken in again; null when it was not
   */
  public record RejectedEvent(
      long id,
      @Nullable UUID stream,
      long seq,
      @Nullable String instance,
      String code,
      String detail,
      String content,
      Instant received,
      @Nullable Instant replayed) {}

  /**
   * An event with the identity of another, and other content.
   *
   * @param hash of its content, in hexadecimal
   * @param content as JSON
   * @param countedStream of the event that is counted, when it has the same idempotency key; null
   *     when it has the same stream and number
   * @param countedSeq its number
   */
  public record ConflictingEvent(
      UUID stream,
      long seq,
      String hash,
      @Nullable String instance,
      String content,
      Instant received,
      @Nullable UUID countedStream,
      @Nullable Long countedSeq) {}

  /**
   * Rejected events, the latest first.
   *
   * @param before only those with a lower id; {@link Long#MAX_VALUE} for all
   * @param filter which are meant
   * @param most so many at most
   */
  public List<RejectedEvent> rejected(long before, RejectedEventFilter filter, int most) {
    return database.read(handle -> RefusedRows.rejected(handle, before, filter, most));
  }

  /** The same by code and replay alone; null for any. */
  public List<RejectedEvent> rejected(
      long before, @Nullable String code, @Nullable Boolean replayed, int most) {
    return rejected(before, new RejectedEventFilter(code, replayed, null, null, null, null), most);
  }

  /** One that was rejected; empty when there is none with this id. */
  public Optional<RejectedEvent> one(long id) {
    return database.read(handle -> RefusedRows.one(handle, id));
  }

  /**
   * Which rejected events; null for any.
   *
   * @param code with this reason
   * @param instance its name
   * @param stream of this stream
   * @param from received then or later
   * @param to received before then
   */
  public record Filter(
      @Nullable String code,
      @Nullable String instance,
      @Nullable UUID stream,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /**
   * Conflicting events, by stream and number.
   *
   * @param stream of the one that they follow; with its number and hash
   * @param filter which are meant
   * @param most so many at most
   */
  public List<ConflictingEvent> conflictingAfter(
      UUID stream, long seq, String hash, RejectedEventFilter filter, int most) {
    return database.read(
        handle -> RefusedRows.conflictingAfter(handle, stream, seq, hash, filter, most));
  }
}
