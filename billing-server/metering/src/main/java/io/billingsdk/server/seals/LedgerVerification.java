package io.billingsdk.server.seals;

import io.billingsdk.seal.DayCheck;
import io.billingsdk.seal.DaySeal;
import io.billingsdk.seal.LedgerRow;
import io.billingsdk.seal.SealFinding;
import io.billingsdk.seal.SealFinding.Kind;
import io.billingsdk.seal.SealVerifier;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerContents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.Handle;

/**
 * Compares the ledger with its seals, day by day: rows, signatures, the chain, and what is
 * published. One runs at a server at a time, so that long ones take one connection. Thread-safe.
 */
final class LedgerVerification {
  /** So many findings are named in one answer; the first ones. */
  static final int MOST = 1_000;

  private static final int PAGE = 500;
  private static final long BEFORE_ALL = -1;
  private static final LocalDate END = LocalDate.of(9999, 12, 31);

  private final SealFolder folder;
  private final Semaphore place = new Semaphore(1);

  LedgerVerification(SealFolder folder) {
    this.folder = folder;
  }

  /**
   * The findings.
   *
   * @param days how many were compared
   * @param rows how many they have now
   * @param findings the first ones
   * @param more how many there are beside those
   */
  record VerifiedLedger(long days, long rows, List<SealFinding> findings, long more) {}

  /**
   * Verifies the days from one to another one, both included.
   *
   * @throws RequestRefusedException when another verification runs, or no key of the chain is here
   */
  VerifiedLedger verify(Database database, Optional<LocalDate> from, Optional<LocalDate> to) {
    if (!place.tryAcquire()) {
      throw RequestRefusedException.conflict(
          "ledger", "another verification runs at this server; try again when it has ended");
    }
    try {
      LocalDate first = from.orElseGet(() -> database.read(handle -> SealRows.start(handle)));
      return new Walk(database, folder.trusted()).through(first, to.orElse(END));
    } finally {
      place.release();
    }
  }

  /** One verification. For one thread. */
  private final class Walk {
    private final Database database;
    private final Map<String, SealVerifier> trusted;
    private final List<SealFinding> findings = new ArrayList<>();
    private final Map<LocalDate, String> digests = new TreeMap<>();
    private long more;
    private long days;
    private long rows;

    Walk(Database database, Map<String, SealVerifier> trusted) {
      this.database = database;
      this.trusted = trusted;
    }

    VerifiedLedger through(LocalDate first, LocalDate last) {
      Optional<StoredSeal> before = database.read(handle -> SealRows.before(handle, first));
      LocalDate next = database.read(SealRows::start);
      next = next.isAfter(first) ? next : first;
      List<StoredSeal> page = page(first, last);
      requireSomeKey(page);
      while (!page.isEmpty()) {
        for (StoredSeal each : page) {
          missing(next, each.seal().day());
          one(each, before);
          before = Optional.of(each);
          next = each.seal().day().plusDays(1);
        }
        page = page(next, last);
      }
      folder.published().between(first, last).compare(digests).stream()
          .filter(each -> !findings.contains(each))
          .forEach(this::add);
      return new VerifiedLedger(days, rows, findings, more);
    }

    private List<StoredSeal> page(LocalDate first, LocalDate last) {
      return database.read(handle -> SealRows.between(handle, first, last, PAGE));
    }

    private void requireSomeKey(List<StoredSeal> page) {
      if (!page.isEmpty() && page.stream().noneMatch(each -> trusted.containsKey(each.keyId()))) {
        throw RequestRefusedException.conflict(
            "key",
            "this server has no public key of the seals, such as "
                + page.get(0).keyId()
                + "; copy the files .pub of the folder seals of the server that seals to it");
      }
    }

    /** Days without a seal before the next one that has one. */
    private void missing(LocalDate from, LocalDate beyond) {
      for (LocalDate day = from; day.isBefore(beyond); day = day.plusDays(1)) {
        add(SealFinding.of(day, Kind.MISSING));
      }
    }

    private void one(StoredSeal stored, Optional<StoredSeal> before) {
      DaySeal seal = stored.seal();
      days++;
      digests.put(seal.day(), seal.digest());
      SealVerifier verifier = trusted.get(stored.keyId());
      if (verifier == null) {
        add(SealFinding.of(seal.day(), Kind.FORGED));
        return;
      }
      long after = before.map(StoredSeal::cut).orElse(BEFORE_ALL);
      folder
          .read(
              seal.day(),
              entries -> {
                DayCheck check = verifier.check(seal, before.map(StoredSeal::seal), entries);
                database.useTransaction(handle -> rows(handle, after, stored.cut(), check));
                rows += check.rows();
                return check.close();
              })
          .forEach(this::add);
    }

    private void rows(Handle handle, long after, long cut, DayCheck check) {
      LongReads.allow(handle);
      LedgerContents.read(
          handle, after, cut, (id, fields) -> check.found(new LedgerRow(id, fields)));
    }

    private void add(SealFinding finding) {
      if (findings.size() < MOST) {
        findings.add(finding);
      } else {
        more++;
      }
    }
  }
}
