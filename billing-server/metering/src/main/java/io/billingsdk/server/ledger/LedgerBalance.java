package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The books of the ledger: which numbers came and what became of each, and whether rollups and
 * events say the same. A month is one of UTC, as the rollups have it. Thread-safe.
 */
public final class LedgerBalance {
  /** More groups that differ are not listed. */
  public static final int MOST_DIFFERENCES = 100;

  private final Database database;

  /** In a database; several questions about one moment need one transaction. */
  public LedgerBalance(Database database) {
    this.database = database;
  }

  /**
   * What became of the numbers of a stream.
   *
   * @param highest number that came
   * @param identities of events that were taken in
   * @param events in the ledger
   * @param withoutIdentity events that nobody took in
   * @param missing numbers that have not come
   * @param dropped numbers that the instance gave up
   * @param writtenOff numbers that an operator gave up
   * @param refused numbers that came and are kept as rejected or conflicting alone
   * @param leftOut numbers that came and were refused, without a row
   * @param pending numbers above the highest that the instance says it gave
   */
  public record StreamNumbers(
      UUID stream,
      long highest,
      long identities,
      long events,
      long withoutIdentity,
      long missing,
      long dropped,
      long writtenOff,
      long refused,
      long leftOut,
      long pending) {
    /** Numbers that came, and no row says what became of them. Below 0: too many rows. */
    public long unexplained() {
      return highest - identities - missing - dropped - writtenOff - refused - leftOut;
    }

    /** Identities that repeat an event by its idempotency key, and add none. */
    public long repeats() {
      return identities - (events - withoutIdentity);
    }
  }

  /** How many events were refused for a reason, and have not been taken in since. */
  public record RefusedEvents(String code, long events, long held) {}

  /**
   * What the ledger holds of an app in a month.
   *
   * @param app empty for events of no app
   * @param month its first moment
   * @param events without corrections
   * @param usage with all corrections
   */
  public record StoredUsage(String app, Instant month, long events, BigDecimal usage) {}

  /** A group in which the rollups differ from the events. */
  public record RollupDifference(
      String app,
      Instant month,
      String module,
      String model,
      long events,
      BigDecimal usage,
      long rolledUpEvents,
      BigDecimal rolledUpUsage) {}

  /**
   * A time of an app.
   *
   * @param place by which the caller knows it
   * @param to the end, exclusive; null for none
   * @param cut what carries a higher number came after it
   */
  public record CutTime(int place, String app, Instant from, @Nullable Instant to, long cut) {}

  /**
   * What a time holds in a month.
   *
   * @param isLate whether it came after the cut
   * @param isRead whether one of the meters counts it
   */
  public record CountedUsage(
      int place, Instant month, boolean isLate, boolean isRead, long events, BigDecimal usage) {}

  /**
   * Which events a meter counts: those of a module, of models, with fields of the metadata.
   *
   * @param module null for all
   * @param models names, or beginnings followed by {@code *}; empty for all
   */
  public record EventChoice(
      @Nullable String module, List<String> models, java.util.Map<String, String> metadata) {
    /** Copies list and map. */
    public EventChoice {
      models = List.copyOf(models);
      metadata = java.util.Map.copyOf(metadata);
    }

    boolean isAll() {
      return module == null && models.isEmpty() && metadata.isEmpty();
    }
  }

  /** The numbers of all streams. */
  public List<StreamNumbers> numbers() {
    return database.read(BalanceRows::numbers);
  }

  /** Refused events, by reason: {@code conflicting} for events of a known identity. */
  public List<RefusedEvents> refused() {
    return database.read(BalanceRows::refused);
  }

  /**
   * What the events of a time add up to, by app and month.
   *
   * @param app only this one; null for all, and for events of no app
   */
  public List<StoredUsage> stored(Instant from, Instant to, @Nullable String app) {
    return database.read(handle -> BalanceRows.stored(handle, from, to, app));
  }

  /**
   * Groups in which the rollups differ, {@value #MOST_DIFFERENCES} at most.
   *
   * @param from the beginning of an hour of UTC
   * @param to the end, exclusive, of an hour of UTC
   */
  public List<RollupDifference> rollupDifferences(Instant from, Instant to, @Nullable String app) {
    return database.read(handle -> BalanceRows.rollupDifferences(handle, from, to, app));
  }

  /**
   * What times hold, by month.
   *
   * @param times two of one app do not overlap
   * @param read an event that fits none of them is not read
   */
  public List<CountedUsage> count(List<CutTime> times, List<EventChoice> read) {
    return times.isEmpty()
        ? List.of()
        : database.read(handle -> BalanceRows.count(handle, times, read));
  }
}
