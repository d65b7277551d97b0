package io.billingsdk.server.costs;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes costs of what the ledger has added: takes from the queue, prices, adds the costs and
 * deletes from the queue, in one transaction. Each server has one; one of them works at a time.
 *
 * <p>{@link #start()} returns at once, {@link #close()} waits for a step that runs. Thread-safe.
 */
final class CostPump implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CostPump.class);
  private static final long LOOK_MILLIS = 200;
  private static final long COMMIT_MILLIS = 20;
  private static final long AFTER_FAILURE_MILLIS = 2_000;
  private static final long STOP_MILLIS = 5_000;
  private static final int MOST_EVENTS = 5_000;

  private static final String IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM cost_queue) AS empty";

  /** Some 5,000 events. To read a hundred large batches and leave most of them would cost time. */
  private static final String TAKE =
      """
      SELECT queue_no, added
      FROM (
        SELECT queue_no, added, sum(octet_length(added)) OVER earlier AS before
        FROM (SELECT queue_no, added FROM cost_queue ORDER BY queue_no LIMIT 100) AS next
        WINDOW earlier AS (ORDER BY queue_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
      ) AS counted
      WHERE before IS NULL OR before < 150000
      ORDER BY queue_no
      """;

  private static final String DONE = "DELETE FROM cost_queue WHERE queue_no = ANY (:done)";

  private final Database database;
  private final CostStore store;
  private final Catalogues catalogues;
  private final Set<YearMonth> months = ConcurrentHashMap.newKeySet();
  private final Semaphore wakes = new Semaphore(0);
  private final GivingWay givingWay;
  private final Thread thread;
  private volatile boolean closed;

  // Confined to the thread.
  private boolean told;

  CostPump(Database database, CostStore store, Catalogues catalogues, GivingWay givingWay) {
    this.database = database;
    this.store = store;
    this.catalogues = catalogues;
    this.givingWay = givingWay;
    this.thread = new Thread(this::run, "billing-costs");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** There is something to do soon: costs of so many events. */
  void noted(int events) {
    givingWay.noted(events);
    wakes.release();
  }

  @Override
  public void close() {
    closed = true;
    wakes.release();
    if (!thread.isAlive()) {
      return;
    }
    try {
      thread.join(STOP_MILLIS);
      thread.interrupt();
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        pause(makeAll() ? LOOK_MILLIS : AFTER_FAILURE_MILLIS);
      }
    } catch (InterruptedException atTheEnd) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it went well. */
  private boolean makeAll() throws InterruptedException {
    try {
      int made;
      do {
        givingWay.begin();
        long began = System.nanoTime();
        made = step(/* waits= */ false);
        told = false;
        givingWay.giveWay(made, Duration.ofNanos(System.nanoTime() - began));
      } while (!closed && made > 0);
      return true;
    } catch (RuntimeException failed) {
      tellOnce(failed);
      return false;
    }
  }

  private void pause(long millis) throws InterruptedException {
    if (!closed && wakes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      // The intake that woke it has not committed yet: a look at once would find nothing, and would
      // take the processor from the commit.
      Thread.sleep(COMMIT_MILLIS);
      wakes.drainPermits();
    }
  }

  private void tellOnce(RuntimeException failed) {
    if (!told && !closed) {
      told = true;
      log.warn("costs cannot be made now, and will be later: {}", failed.getMessage());
    }
  }

  /** Makes costs of all that is committed. */
  void runNow() {
    int made;
    do {
      made = step(/* waits= */ true);
    } while (made > 0);
  }

  /**
   * Makes costs of some of it.
   *
   * @return of how many events; there may be more, unless it is none
   */
  private int step(boolean waits) {
    if (database.read(handle -> isEmpty(handle))) {
      return 0;
    }
    List<YearMonth> added = new ArrayList<>();
    int made = inTransaction(waits, added);
    // Only once they are committed: a table that was rolled back has to be made again.
    months.addAll(added);
    return made;
  }

  private int inTransaction(boolean waits, List<YearMonth> added) {
    try {
      return database.inTransaction(
          (Handle handle) -> {
            if (waits) {
              CostStore.lock(handle);
            } else if (!CostStore.tryLock(handle)) {
              return 0;
            }
            return take(handle, added);
          });
    } catch (RuntimeException failed) {
      // The table of a month may have been removed: it would be missing for ever.
      months.clear();
      throw failed;
    }
  }

  private static boolean isEmpty(Handle handle) {
    return handle.createQuery(IS_EMPTY).map(ResultRow.to(row -> row.flag("empty"))).one();
  }

  private record Taken(long number, String added) {}

  private int take(Handle handle, List<YearMonth> added) {
    List<Long> done = new ArrayList<>();
    List<QueuedEvent> events = new ArrayList<>();
    List<Taken> taken =
        handle
            .createQuery(TAKE)
            .map(ResultRow.to(row -> new Taken(row.number("queue_no"), row.text("added"))))
            .list();
    for (Taken each : taken) {
      events.addAll(QueuedBatch.read(each.added()));
      done.add(each.number());
    }
    for (int first = 0; first < events.size(); first += MOST_EVENTS) {
      List<QueuedEvent> part = events.subList(first, Math.min(events.size(), first + MOST_EVENTS));
      added.addAll(addNew(handle, part));
      attribute(handle, part);
    }
    handle.createUpdate(DONE).bind("done", SqlArrays.numbers(done)).execute();
    return Math.max(done.size(), events.size());
  }

  private Set<YearMonth> addNew(Handle handle, List<QueuedEvent> events) {
    CostPricer pricer = catalogues.pricer(handle);
    List<CostRow> rows =
        events.stream()
            .filter(each -> each.kind() != AppendKind.ATTRIBUTION)
            .map(each -> EventCosts.of(each, pricer))
            .toList();
    return rows.isEmpty() ? Set.of() : store.add(handle, rows, months);
  }

  /** An event of no app has one from now on: its cost stays, and belongs to the app. */
  private void attribute(Handle handle, List<QueuedEvent> events) {
    Map<EventId, QueuedEvent> owners = new LinkedHashMap<>();
    events.stream()
        .filter(each -> each.kind() == AppendKind.ATTRIBUTION)
        .forEach(each -> owners.put(new EventId(each.streamId(), each.seq()), each));
    if (owners.isEmpty()) {
      return;
    }
    List<CostChange> changes = new ArrayList<>();
    CostStore.find(handle, owners.keySet())
        .forEach(
            (id, row) -> {
              QueuedEvent owner = owners.get(id);
              if (owner != null) {
                CostRow after = row.revised(EventCosts.owner(owner), row.cost(), row.use().usage());
                changes.add(new CostChange(row, after));
              }
            });
    store.replace(handle, changes, null);
  }
}
