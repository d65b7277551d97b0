package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.StreamRows.StreamOwner;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decides of streams: that missing numbers will never come, or that another
 * instance may go on with one. Each with its reason and an entry of the audit log. Thread-safe.
 */
public final class StreamChanges {
  /** Of the ranges that the audit log names; the number of all is there too. */
  private static final int NAMED = 100;

  private static final String WRITE_OFF =
      """
      INSERT INTO stream_written_off AS w (stream_id, numbers, parts, reason, actor)
      SELECT :stream, named.numbers, (SELECT count(*) FROM unnest(named.numbers)), :reason, :actor
      FROM (SELECT range_agg(number_range(first, last)) AS numbers
        FROM unnest(:first, :last) AS given (first, last)) AS named
      ON CONFLICT (stream_id) DO UPDATE SET numbers = w.numbers + excluded.numbers,
        parts = (SELECT count(*) FROM unnest(w.numbers + excluded.numbers)),
        reason = excluded.reason, actor = excluded.actor, written_off_at = now()
      """;

  private static final String LOCK =
      "SELECT stream_id, "
          + StreamOwner.COLUMNS
          + " FROM stream WHERE uuid = :uuid AND stream_id <> 0 FOR UPDATE";

  private static final String HAND_OVER =
      "UPDATE stream SET instance = :instance, secret_sha256 = NULL WHERE stream_id = :stream";

  private final Database database;
  private final Actor actor;

  /** By a person at the command line. */
  public StreamChanges(Database database) {
    this(database, Actor.commandLine());
  }

  /** By anybody. */
  public StreamChanges(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * The written-off numbers.
   *
   * @param ranges empty when nothing was missing
   * @param numbers how many those are
   */
  public record WrittenOff(UUID stream, List<SeqRange> ranges, long numbers) {}

  /**
   * Writes off the numbers of a stream that are missing. If one still comes, the server counts it.
   *
   * @param within only of these; null for all
   * @param reason 1 to 256 characters
   * @throws RequestRefusedException when there is no such stream, or it cannot be read
   */
  public WrittenOff writeOff(UUID stream, @Nullable SeqRange within, String reason) {
    requireReason(reason);
    return database.inTransaction(
        handle -> {
          int id = lock(handle, stream).id();
          StreamState state =
              new Streams(database.within(handle)).one(stream).orElseThrow(() -> unknown(stream));
          if (!state.readable()) {
            throw RequestRefusedException.conflict(
                "stream", "the stream " + stream + " cannot be read; the server's log says why");
          }
          List<SeqRange> ranges = within(state.gaps(), within);
          WrittenOff off = new WrittenOff(stream, ranges, StreamRanges.count(ranges));
          if (!ranges.isEmpty()) {
            store(handle, id, ranges, reason);
            AuditLog.write(
                handle, actor, "stream.write-off", stream.toString(), null, said(off, reason));
          }
          return off;
        });
  }

  /**
   * Hands a stream over to another instance: from then on it is that one's, and of no other that
   * does not prove more with its first message.
   *
   * @param instance whose it is to be
   * @param reason 1 to 256 characters
   * @return whose it was, if that was known
   * @throws RequestRefusedException when there is no such stream, or it is numbered by the server
   */
  public Optional<String> handOver(UUID stream, String instance, String reason) {
    requireReason(reason);
    if (!instance.matches("[A-Za-z0-9_-]{1,64}")) {
      throw RequestRefusedException.invalid("instance", "1 to 64 of A-Z, a-z, 0-9, _ and -");
    }
    return database.inTransaction(
        handle -> {
          LockedStream row = lock(handle, stream);
          if (row.owner().origin().isNumberedHere()) {
            throw RequestRefusedException.conflict("stream", "the stream is the server's own");
          }
          handle
              .createUpdate(HAND_OVER)
              .bind("instance", instance)
              .bind("stream", row.id())
              .execute();
          Map<String, Object> before = new LinkedHashMap<>();
          String owner = row.owner().instance();
          if (owner != null) {
            before.put("instance", owner);
          }
          AuditLog.write(
              handle,
              actor,
              "stream.hand-over",
              stream.toString(),
              before,
              Map.of("instance", instance, "reason", reason));
          return Optional.ofNullable(owner);
        });
  }

  private record LockedStream(int id, StreamOwner owner) {}

  private static LockedStream lock(Handle handle, UUID stream) {
    return handle
        .createQuery(LOCK)
        .bind("uuid", stream)
        .map(ResultRow.to(row -> new LockedStream(row.integer("stream_id"), StreamOwner.of(row))))
        .findFirst()
        .orElseThrow(() -> unknown(stream));
  }

  private void store(Handle handle, int id, List<SeqRange> ranges, String reason) {
    handle
        .createUpdate(WRITE_OFF)
        .bind("stream", id)
        .bind("reason", reason)
        .bind("actor", actor.name())
        .bind("first", SqlArrays.numbers(ranges.stream().map(SeqRange::first).toList()))
        .bind("last", SqlArrays.numbers(ranges.stream().map(SeqRange::last).toList()))
        .execute();
  }

  private static Map<String, Object> said(WrittenOff off, String reason) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("numbers", off.numbers());
    said.put("ranges", off.ranges().size());
    said.put(
        "first",
        off.ranges().stream().limit(NAMED).map(each -> each.first() + "-" + each.last()).toList());
    said.put("reason", reason);
    return said;
  }

  private static List<SeqRange> within(List<SeqRange> gaps, @Nullable SeqRange bound) {
    if (bound == null) {
      return gaps;
    }
    List<SeqRange> within = new ArrayList<>();
    for (SeqRange each : gaps) {
      long first = Math.max(each.first(), bound.first());
      long last = Math.min(each.last(), bound.last());
      if (first <= last) {
        within.add(new SeqRange(first, last));
      }
    }
    return within;
  }

  private static void requireReason(String reason) {
    if (reason.isBlank() || reason.length() > Bounds.REASON_CHARS) {
      throw RequestRefusedException.invalid("reason", "a text of 1 to 256 characters");
    }
  }

  private static RequestRefusedException unknown(UUID stream) {
    return RequestRefusedException.notFound(
        "stream", "the server has received nothing of the stream " + stream);
  }
}
