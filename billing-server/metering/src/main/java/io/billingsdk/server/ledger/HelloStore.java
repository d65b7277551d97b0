package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.StreamRows.StreamOwner;
import io.billingsdk.server.ledger.Streams.LossEquation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps what each instance said of itself last, and all that it ever gave up. Thread-safe. */
public final class HelloStore {
  private static final String SELECT =
      "SELECT stream_id, highest_seq, "
          + StreamOwner.COLUMNS
          + " FROM stream WHERE uuid = :uuid FOR UPDATE";

  // Only when there is none: each attempt takes a number of the streams', whose numbers would end.
  private static final String INSERT =
      "INSERT INTO stream (uuid, instance, origin) VALUES (:uuid, :instance, 'v2') ON CONFLICT"
          + " (uuid) DO NOTHING";

  /** The last that spoke for it, with proof: a journal that was copied is of two. */
  private static final String SEEN =
      "UPDATE stream SET instance = :instance, origin = 'v2', last_seen = now(),"
          + " secret_sha256 = coalesce(secret_sha256, :secret) WHERE stream_id = :stream";

  /**
   * Two servers may have one instance's hellos in their hands, and keep them in another order than
   * that in which they were said. So one that was said before the one that is kept is left out: the
   * last of an instance that has closed is the last word. Except those whose clock was set back,
   * which have gone on meanwhile, or say something that is much older than any message on its way.
   */
  private static final String HELLO =
      """
      INSERT INTO stream_hello AS h (stream_id, sdk_version, sent_at_ms, last_seq, keys_version,
        accepted, delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)
      VALUES (:stream, :version, :sentAt, :lastSeq, :keysVersion, :accepted, :delivered, :pending,
        :deadLettered, :dropped, :rejected, :journalBytes, :quarantined)
      ON CONFLICT (stream_id) DO UPDATE SET (said_at, sdk_version, sent_at_ms, last_seq,
        keys_version, accepted, delivered, pending, dead_lettered, dropped, rejected, journal_bytes,
        quarantined)
        = ROW (now(), excluded.sdk_version, excluded.sent_at_ms, excluded.last_seq,
          excluded.keys_version, excluded.accepted, excluded.delivered, excluded.pending,
          excluded.dead_lettered, excluded.dropped, excluded.rejected, excluded.journal_bytes,
          excluded.quarantined)
      WHERE excluded.sent_at_ms >= h.sent_at_ms OR excluded.sent_at_ms::numeric < h.sent_at_ms::numeric - 600000
        OR excluded.last_seq > h.last_seq OR excluded.accepted > h.accepted
        OR excluded.delivered > h.delivered
      """;

  /** Ranges of one stream that instances gave up; an SDK remembers 256. */
  private static final int MOST_DROPPED = 10_000;

  /** Said again with each sign of life: the same is not written again. */
  private static final String DROPPED =
      """
      INSERT INTO stream_dropped AS d (stream_id, numbers, said_by)
      SELECT :stream, (SELECT range_agg(number_range(first, last)) FROM unnest(:first, :last)
        AS named (first, last)), :instance
      ON CONFLICT (stream_id) DO UPDATE SET numbers = d.numbers + excluded.numbers,
        said_by = excluded.said_by, said_at = now()
      WHERE NOT d.numbers @> excluded.numbers
        AND (SELECT count(*) FROM unnest(d.numbers + excluded.numbers)) <= :most
      """;

  private final Database database;
  private final Strangers strangers;

  /** In a database. */
  public HelloStore(Database database) {
    this(database, new Strangers());
  }

  /** The same; refused ones are counted there. */
  public HelloStore(Database database, Strangers strangers) {
    this.database = database;
    this.strangers = strangers;
  }

  private record KnownStream(int id, long highest, StreamOwner owner) {
    /** Null when what is said lies within the bounds, and is the owner's to say. */
    @Nullable String whyNot(String instance, @Nullable StreamSecret secret, long seq) {
      if (id == Corrections.STREAM_ID) {
        return "the stream is the server's own";
      }
      if (!owner.is(instance, secret)) {
        return "another instance has opened the stream, and the message proves nothing else";
      }
      return seq - Bounds.SEQ_JUMP_MAX > highest
          ? "its numbers must be at most 2^40 above the highest that has come"
          : null;
    }
  }

  /**
   * Keeps one, if it is of the owner of its stream and within the bounds; and of the numbers that
   * it declares as dropped, those that fulfil the same.
   *
   * @return whether all of it was kept
   */
  public boolean keep(String instance, SignOfLife hello) {
    boolean all = database.inTransaction(handle -> keep(handle, instance, hello));
    // Each in a transaction of its own: two servers with the same streams in another order would
    // wait for each other in a circle.
    for (SignOfLife.Dropped dropped : hello.dropped()) {
      all &= keepDropped(instance, dropped);
    }
    return all;
  }

  private boolean keep(Handle handle, String instance, SignOfLife hello) {
    UUID stream = hello.stream();
    StreamSecret secret = hello.secret();
    KnownStream known = lock(handle, instance, stream);
    String refused = known.whyNot(instance, secret, hello.lastSeq());
    if (refused != null) {
      strangers.refuse("a sign of life", stream, instance, refused);
      return false;
    }
    handle
        .createUpdate(SEEN)
        .bind("instance", instance)
        .bind("secret", secret == null ? null : secret.sha256())
        .bind("stream", known.id())
        .execute();
    write(handle, known.id(), hello);
    return true;
  }

  private boolean keepDropped(String instance, SignOfLife.Dropped dropped) {
    return dropped.ranges().isEmpty()
        || database.inTransaction(handle -> keepDropped(handle, instance, dropped));
  }

  private boolean keepDropped(Handle handle, String instance, SignOfLife.Dropped dropped) {
    List<SeqRange> ranges = dropped.ranges();
    long highest = ranges.stream().mapToLong(SeqRange::last).max().orElse(0);
    KnownStream known = lock(handle, instance, dropped.stream());
    String refused = known.whyNot(instance, dropped.secret(), highest);
    if (refused != null) {
      strangers.refuse("a list of dropped numbers", dropped.stream(), instance, refused);
      return false;
    }
    handle
        .createUpdate(DROPPED)
        .bind("stream", known.id())
        .bind("first", SqlArrays.numbers(ranges.stream().map(SeqRange::first).toList()))
        .bind("last", SqlArrays.numbers(ranges.stream().map(SeqRange::last).toList()))
        .bind("instance", instance)
        .bind("most", MOST_DROPPED)
        .execute();
    return true;
  }

  private static KnownStream lock(Handle handle, String instance, UUID stream) {
    Optional<KnownStream> known = select(handle, stream);
    if (known.isEmpty()) {
      handle.createUpdate(INSERT).bind("uuid", stream).bind("instance", instance).execute();
      known = select(handle, stream);
    }
    return known.orElseThrow();
  }

  private static Optional<KnownStream> select(Handle handle, UUID stream) {
    return handle
        .createQuery(SELECT)
        .bind("uuid", stream)
        .map(
            ResultRow.to(
                row ->
                    new KnownStream(
                        row.integer("stream_id"), row.number("highest_seq"), StreamOwner.of(row))))
        .findFirst();
  }

  private static void write(Handle handle, int streamId, SignOfLife hello) {
    LossEquation loss = hello.loss();
    handle
        .createUpdate(HELLO)
        .bind("stream", streamId)
        .bind("version", hello.version())
        .bind("sentAt", hello.sentAtMillis())
        .bind("lastSeq", hello.lastSeq())
        .bind("keysVersion", hello.keysVersion())
        .bind("accepted", loss.accepted())
        .bind("delivered", loss.delivered())
        .bind("pending", loss.pending())
        .bind("deadLettered", loss.deadLettered())
        .bind("dropped", loss.dropped())
        .bind("rejected", loss.rejected())
        .bind("journalBytes", hello.journalBytes())
        .bind("quarantined", hello.quarantined())
        .execute();
  }

  /**
   * The last word of an instance on one of its streams, as the server keeps it. Immutable.
   *
   * @param version of the SDK
   * @param sentAtMillis the sender's clock
   * @param lastSeq the last number that it gave in {@code stream}; 0 when none
   * @param keysVersion the version of its key table; 0 when it has none
   * @param loss the counts since its start
   * @param journalBytes of events that wait on its disk
   * @param quarantined segments of its journal that it could not read and set aside
   * @param dropped numbers that will never come, since their events were dropped on purpose
   * @param secret the proof that {@code stream} is the sender's; null when it has none
   */
  public record SignOfLife(
      UUID stream,
      String version,
      long sentAtMillis,
      long lastSeq,
      long keysVersion,
      LossEquation loss,
      long journalBytes,
      long quarantined,
      List<Dropped> dropped,
      @Nullable StreamSecret secret) {

    /** The list is copied. */
    public SignOfLife {
      dropped = List.copyOf(dropped);
    }

    /**
     * Numbers of one stream that will never come.
     *
     * @param secret the proof that the stream is the sender's; null when it has none
     */
    public record Dropped(UUID stream, List<SeqRange> ranges, @Nullable StreamSecret secret) {

      /** The list is copied. */
      public Dropped {
        ranges = List.copyOf(ranges);
      }
    }
  }
}
