package io.billingsdk.server.ledger;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of each stream, and whether all reported events are stored. The stream of corrections
 * is none of them: it has no instance, and nothing of it can be missing. Thread-safe.
 */
public final class Streams {
  private final Database database;

  /** In a database. */
  public Streams(Database database) {
    this.database = database;
  }

  /** How a stream stands. */
  public enum StreamCondition {
    /** All events that its instance reported have come, except those that it dropped. */
    COMPLETE,
    /** Its instance reported more than has come, or numbers are missing. */
    INCOMPLETE,
    /** No number is missing; its instance does not say how far it has come. */
    NO_GAPS,
    /** The server numbers what comes, so that nothing can be missing: v1 without numbers, HTTP. */
    UNNUMBERED,
    /** Its rows are inconsistent, and only its name can be shown. */
    UNREADABLE;

    /** As it is written: {@code no-gaps}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One stream.
   *
   * @param origin who numbers it
   * @param highest number that has come
   * @param stored events that are in the ledger or were found to be repeats by their key
   * @param refused events that were rejected, with their reason
   * @param sdkVersion of its instance; null when it said nothing
   * @param reported the last number that its instance says it gave; null when it said nothing
   * @param loss what its instance counted since its start; null when it said nothing
   * @param gaps numbers that have not come, and nobody knows why: below the highest, and above it
   *     when their instance says that nothing is pending
   * @param dropped numbers that have not come and never will: the instance says that it gave their
   *     events up, since its journal was full
   * @param writtenOff numbers that have not come, and that an operator has written off
   * @param readable whether what is stored of it makes sense; if not, the rest says nothing
   */
  public record StreamState(
      UUID stream,
      @Nullable String instance,
      StreamOrigin origin,
      long highest,
      long stored,
      long refused,
      @Nullable String sdkVersion,
      @Nullable Long reported,
      @Nullable LossEquation loss,
      List<SeqRange> gaps,
      List<SeqRange> dropped,
      List<SeqRange> writtenOff,
      Instant lastSeen,
      boolean readable) {

    static StreamState unreadable(UUID stream) {
      return new StreamState(
          stream,
          null,
          StreamOrigin.UNKNOWN,
          0,
          0,
          0,
          null,
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          Instant.EPOCH,
          /* readable= */ false);
    }

    /** How it stands. */
    public StreamCondition state() {
      if (!readable) {
        return StreamCondition.UNREADABLE;
      }
      if (origin.isNumberedHere()) {
        return StreamCondition.UNNUMBERED;
      }
      if (!gaps.isEmpty()) {
        return StreamCondition.INCOMPLETE;
      }
      if (reported == null) {
        // One of protocol v2 says so within seconds.
        return origin == StreamOrigin.V2 ? StreamCondition.INCOMPLETE : StreamCondition.NO_GAPS;
      }
      return highest >= reported || isRestGone(reported)
          ? StreamCondition.COMPLETE
          : StreamCondition.INCOMPLETE;
    }

    /**
     * Whether all events known to have been reported have come, except those that its instance
     * dropped; false too for one that is not readable, and while an instance that says how far it
     * has come has not said it yet.
     */
    public boolean isComplete() {
      StreamCondition now = state();
      return now != StreamCondition.INCOMPLETE && now != StreamCondition.UNREADABLE;
    }

    /** How many events its instance dropped. */
    public long droppedEvents() {
      return StreamRanges.count(dropped);
    }

    private boolean isRestGone(long last) {
      return StreamRanges.rest(highest, last, StreamRanges.gone(dropped, writtenOff)).isEmpty();
    }
  }

  /** All streams, the last seen first. */
  public List<StreamState> all() {
    return database.read(StreamStateRows::all);
  }

  /**
   * Streams in the order of their ids. Their stored events are reckoned from the numbers that came,
   * where {@link #one} counts them.
   *
   * @param after the id that they follow
   * @param most so many at most
   */
  public List<StreamState> after(UUID after, int most) {
    return database.read(handle -> StreamStateRows.after(handle, after, most));
  }

  /** One stream; empty when nothing has come of it. */
  public Optional<StreamState> one(UUID stream) {
    return database.read(handle -> StreamStateRows.one(handle, stream));
  }

  /**
   * The counts of an instance since its start: {@code accepted = delivered + pending + deadLettered
   * + dropped}; {@code rejected} was never accepted. The server keeps them as they were said.
   */
  public record LossEquation(
      long accepted,
      long delivered,
      long pending,
      long deadLettered,
      long dropped,
      long rejected) {}

  /** The streams in which an app has events. */
  public Set<UUID> ofApp(String app) {
    return StreamApps.of(database, app);
  }

  /** Whether something is missing or late, in all streams together. */
  public StreamHealth health() {
    return StreamHealthQuery.of(database);
  }

  /**
   * The instances of SDKs that report usage, and what each said of itself last, in the order of
   * their names.
   *
   * @param after the name that they follow; empty for the first
   * @param most so many at most
   */
  public List<InstanceReport> instancesAfter(String after, int most) {
    return new InstanceReports(database).after(after, most);
  }

  /**
   * Whether something of what was reported is missing or late, in all streams together: cheap
   * enough to be asked again and again. The sums of the list of streams. The stream of corrections
   * is none of them, whatever an instance sends under its name.
   *
   * @param incomplete streams with missing numbers, dropped ones aside
   * @param missing how many numbers those are
   * @param missingAtEnd how many of them are above the highest number that has come: their instance
   *     had a receipt for them, or has ended with them; a database that was restored lacks such
   * @param silent streams whose instance had events pending when it was last heard of, more than
   *     five minutes ago, and which have not all come since: by it, or by the process that took its
   *     journal over. Once a later process of the instance says that it has nothing pending, nobody
   *     will bring them: they are missing then, and the stream is not silent
   * @param unreadable streams whose rows are inconsistent; they are in no other figure
   */
  public record StreamHealth(
      long incomplete, long missing, long missingAtEnd, long silent, long unreadable) {}

  /**
   * An instance.
   *
   * @param stream that it writes now
   * @param said when it said this, its last sign of life
   * @param keysVersion of the key table that it has
   * @param loss what it counted since its start: accepted is the sum of delivered, pending, dead
   *     and dropped
   * @param journalBytes of events that wait on its disk
   * @param quarantined segments of its journal that could not be read, and were set aside
   */
  public record InstanceReport(
      String instance,
      UUID stream,
      String sdkVersion,
      Instant said,
      long keysVersion,
      LossEquation loss,
      long journalBytes,
      long quarantined) {}

  /** Where the events of a stream come from, and so who numbers them. */
  public enum StreamOrigin {
    /** An SDK that speaks protocol v2: it numbers its events, and says how far it has come. */
    V2,
    /**
     * An SDK that speaks protocol v1 and numbers its events. It does not say how far it has come.
     */
    V1,
    /** Instances of protocol v1 without numbers, the Python SDK: the server numbers what comes. */
    V1_UNNUMBERED,
    /** The HTTP API: the server numbers what comes. */
    HTTP,
    /** A stream of no instance, from before the server noted it. */
    UNKNOWN;

    /** Whether this server numbers its events, so that none can be missing between two. */
    public boolean isNumberedHere() {
      return this == V1_UNNUMBERED || this == HTTP;
    }

    /** As it is written: {@code v1-unnumbered}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * That of a row.
     *
     * @param text null when it was not noted
     * @param known whether an instance is known that said or sent something
     */
    static StreamOrigin of(@Nullable String text, boolean known) {
      for (StreamOrigin each : values()) {
        if (each.text().equals(text)) {
          return each;
        }
      }
      return known ? V2 : UNKNOWN;
    }
  }
}
