package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.BatchReplays.Replayed;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerTransaction;
import io.billingsdk.server.ledger.Refused.Rejected;
import io.billingsdk.server.ledger.Replays.NotReplayable;
import io.billingsdk.server.ledger.Replays.Outcome;
import io.billingsdk.server.ledger.StreamRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rejected events on their way back into the ledger, all at once: locks are then taken in the order
 * in which collectors take them. Where the database refuses a value, each is stored by itself. For
 * one transaction.
 */
final class ReentryBatch {
  private final Connection connection;
  private final TimeBounds bounds;
  private final LedgerAppender appender;
  private final Reentry one;

  ReentryBatch(Connection connection, TimeBounds bounds, LedgerAppender appender, Reentry one) {
    this.connection = connection;
    this.bounds = bounds;
    this.appender = appender;
    this.one = one;
  }

  private record Item(Rejected rejected, Kept kept) {}

  /** Stores those of an app, or all. */
  List<Replayed> store(List<Rejected> rejected, long offsetMillis, @Nullable String app)
      throws SQLException {
    List<Item> items = new ArrayList<>();
    for (Rejected each : rejected) {
      items.add(new Item(each, Kept.of(each, offsetMillis)));
    }
    List<Item> meant = app == null ? items : ofApp(items, app);
    List<Entry> entries = meant.stream().map(i -> i.kept().entry()).filter(e -> e != null).toList();
    Map<Entry, Outcome> outcomes = entries.isEmpty() ? Map.of() : store(entries);
    List<Replayed> replayed = new ArrayList<>();
    for (Item each : meant) {
      Entry entry = each.kept().entry();
      Outcome outcome =
          entry == null
              ? new NotReplayable(each.kept().whyNot())
              : Objects.requireNonNull(outcomes.get(entry), "has an outcome");
      replayed.add(new Replayed(each.rejected(), outcome, time(entry)));
    }
    return replayed;
  }

  private static @Nullable Instant time(@Nullable Entry entry) {
    return entry != null && entry.event() instanceof ReceivedEvent.Valid event
        ? Instant.ofEpochMilli(event.timestampMillis())
        : null;
  }

  /** One whose key cannot be read belongs to none. */
  private List<Item> ofApp(List<Item> items, String app) throws SQLException {
    Map<Item, Candidate> candidates = new HashMap<>();
    for (Item each : items) {
      Entry entry = each.kept().entry();
      if (entry != null && entry.event() instanceof ReceivedEvent.Valid event) {
        candidates.put(each, new Candidate(/* streamId= */ -1, entry, event));
      }
    }
    KeyOwners owners = KeyOwners.of(connection, List.copyOf(candidates.values()));
    return items.stream()
        .filter(
            each -> {
              Candidate candidate = candidates.get(each);
              return candidate != null && app.equals(owners.of(candidate).app());
            })
        .toList();
  }

  private Map<Entry, Outcome> store(List<Entry> entries) throws SQLException {
    Map<Entry, Outcome> outcomes = new HashMap<>();
    Savepoint before = connection.setSavepoint();
    try {
      makePartitions(entries);
      List<StreamEntries> streams = StreamEntries.of(entries);
      LedgerTransaction ledger = appender.begin(connection);
      StreamRows rows = StreamEntries.lock(connection, streams);
      new LedgerInsert(ledger, rows, bounds, Attributions.SHARD)
          .add(streams, /* trusting= */ false);
      entries.forEach(each -> outcomes.put(each, Reentry.outcome(each)));
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      connection.rollback(before);
      for (Entry each : entries) {
        outcomes.put(each, one.store(connection, each));
      }
    }
    return outcomes;
  }

  private void makePartitions(List<Entry> entries) throws SQLException {
    long now = bounds.clock().millis();
    Map<YearMonth, Long> months = new HashMap<>();
    for (Entry each : entries) {
      if (each.event() instanceof ReceivedEvent.Valid event && bounds.accept(each, event, now)) {
        long millis = event.timestampMillis();
        months.put(YearMonth.from(Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC)), millis);
      }
    }
    for (long millis : months.values()) {
      Partitions.make(connection, millis);
    }
  }
}
