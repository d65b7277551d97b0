package io.billingsdk.server.seals;

import io.billingsdk.seal.DaySeal;
import io.billingsdk.seal.LedgerRow;
import io.billingsdk.seal.OpenSeal;
import io.billingsdk.seal.Witness;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Cuts;
import io.billingsdk.server.ledger.LedgerContents;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Seals ledger days. A day ends with a cut that is made after it: later rows are of the next day.
 *
 * <p>One server seals at a time. The entries of a day are on the disk before its row is committed,
 * and its line is published after that; a server that was killed between leaves a file that the
 * next attempt writes again, or a line that it adds. Thread-safe.
 */
final class DaySealing {
  /** The event, which notifications send on. */
  static final String SEALED = "ledger.day.sealed";

  /** The wait after the end of a day, for usage that is on its way at midnight. */
  static final Duration GRACE = Duration.ofMinutes(10);

  private static final String LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtext('billing.seals')) AS mine";

  private static final int PAGE = 500;
  private static final long BEFORE_ALL = -1;

  private final Database database;
  private final Supplier<SealKeys> keys;
  private final SealFolder folder;
  private final InstantSource clock;

  /**
   * In a database.
   *
   * @param database with transactions of its own
   */
  DaySealing(Database database, Supplier<SealKeys> keys, SealFolder folder, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.folder = folder;
    this.clock = clock;
  }

  /** The last day that is complete. */
  LocalDate complete() {
    return clock.instant().minus(GRACE).atZone(ZoneOffset.UTC).toLocalDate().minusDays(1);
  }

  /** Whether the days of the chain are sealed by the key of this server, or none is sealed yet. */
  boolean isMine() {
    return database.read(SealRows::last).map(this::isMine).orElse(true);
  }

  private boolean isMine(StoredSeal seal) {
    return seal.keyId().equals(keys.get().id());
  }

  /**
   * Seals the days that are complete and not sealed yet, in their order, and publishes what is not
   * published yet.
   *
   * @param last the last day that is meant
   * @throws RequestRefusedException when the day is not over, another server seals just now, the
   *     key is not that of the chain, or the database is older than what is published
   */
  List<StoredSeal> seal(LocalDate last, Actor actor) throws InterruptedException {
    if (last.isAfter(complete())) {
      throw RequestRefusedException.invalid(
          "day", "a day of UTC that is over for ten minutes, at most " + complete());
    }
    database.useTransaction(
        handle -> {
          lock(handle);
          publishMissing(handle);
        });
    List<StoredSeal> made = new ArrayList<>();
    LocalDate next = next();
    while (!next.isAfter(last)) {
      // Apart, and short: writers wait for it.
      long cut = new Cuts(database).make();
      LocalDate day = next;
      StoredSeal sealed = database.inTransaction(handle -> sealed(handle, day, cut, actor));
      folder.publish(List.of(sealed.seal()));
      made.add(sealed);
      next = next();
    }
    return made;
  }

  /** The first day that is not sealed. */
  private LocalDate next() {
    return database.read(
        handle ->
            SealRows.last(handle)
                .map(last -> last.seal().day().plusDays(1))
                .orElseGet(() -> SealRows.start(handle)));
  }

  private static void lock(Handle handle) {
    if (!handle.createQuery(LOCK).mapTo(Boolean.class).one()) {
      throw RequestRefusedException.conflict(
          "day", "another server seals just now; try again when it is done");
    }
  }

  private StoredSeal sealed(Handle handle, LocalDate day, long cut, Actor actor) {
    lock(handle);
    Optional<StoredSeal> last = SealRows.last(handle);
    if (last.isPresent() && (!last.get().seal().day().isBefore(day) || last.get().cut() >= cut)) {
      throw RequestRefusedException.conflict(
          "day", "another server has sealed " + last.get().seal().day() + " just now; try again");
    }
    last.ifPresent(this::requireMine);
    LongReads.allow(handle);
    OpenSeal open = keys.get().sealer().open(day, last.map(StoredSeal::seal));
    long after = last.map(StoredSeal::cut).orElse(BEFORE_ALL);
    folder.write(
        day,
        entries ->
            LedgerContents.read(
                handle,
                after,
                cut,
                (id, fields) -> entries.accept(open.add(new LedgerRow(id, fields)))));
    DaySeal seal = open.close();
    SealRows.add(handle, seal, cut, keys.get().id());
    Map<String, Object> said = said(seal, cut);
    Outbox.add(handle, DomainEvent.of(SEALED, "ledger", said, actor.name()));
    AuditLog.write(handle, actor, "ledger.seal", "ledger/" + day, null, said);
    return SealRows.last(handle).orElseThrow();
  }

  private Map<String, Object> said(DaySeal seal, long cut) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("day", seal.day().toString());
    said.put("cutNo", cut);
    said.put("rows", seal.rows());
    said.put("before", seal.before());
    said.put("digest", seal.digest());
    said.put("signature", seal.signature());
    said.put("sealKey", keys.get().id());
    return said;
  }

  private void requireMine(StoredSeal last) {
    if (!isMine(last)) {
      throw RequestRefusedException.conflict(
          "key",
          "the seal of "
              + last.seal().day()
              + " is of the key "
              + last.keyId()
              + ", but this server has the key "
              + keys.get().id()
              + "; start it with --seal-key and the file of that key");
    }
  }

  /** After a server was killed before it published, or another one with the same key has sealed. */
  private void publishMissing(Handle handle) {
    Optional<StoredSeal> last = SealRows.last(handle);
    last.ifPresent(this::requireMine);
    Witness published = folder.published();
    requireAsNew(published, last.map(StoredSeal::seal));
    LocalDate after = published.last().orElse(LocalDate.MIN);
    while (last.isPresent() && last.get().seal().day().isAfter(after)) {
      LocalDate from = after.equals(LocalDate.MIN) ? SealRows.start(handle) : after.plusDays(1);
      List<StoredSeal> page = SealRows.between(handle, from, last.get().seal().day(), PAGE);
      page.forEach(each -> folder.dropOthers(each.seal()));
      folder.publish(page.stream().map(StoredSeal::seal).toList());
      after = page.get(page.size() - 1).seal().day();
    }
  }

  /** Another seal of a day that is published would be a second truth of that day. */
  private static void requireAsNew(Witness published, Optional<DaySeal> last) {
    Optional<LocalDate> day = published.last();
    if (day.isEmpty()) {
      return;
    }
    String inDatabase = last.map(each -> each.day().toString()).orElse("none");
    boolean isOlder = last.isEmpty() || last.get().day().isBefore(day.get());
    if (isOlder || isOther(published, last.get())) {
      throw RequestRefusedException.conflict(
          "seals.txt",
          "seals.txt ends with "
              + day.get()
              + ", but the last seal of the database is "
              + inDatabase
              + (isOlder ? "" : " with another digest")
              + ". The database is older than its seals, or they were replaced. After a restore,"
              + " move seals.txt and the files of later days away; see docs/ledger-seals.md");
    }
  }

  private static boolean isOther(Witness published, DaySeal seal) {
    return published.digest(seal.day()).map(each -> !each.equals(seal.digest())).orElse(false);
  }
}
