package io.billingsdk.server.dunning;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.dunning.ChargeAttempts.AttemptOutcome;
import io.billingsdk.server.dunning.ChargeAttempts.Declined;
import io.billingsdk.server.dunning.ChargeAttempts.NotCharged;
import io.billingsdk.server.dunning.ChargeAttempts.Pending;
import io.billingsdk.server.dunning.RetryCase.CaseState;
import io.billingsdk.server.dunning.RetryCases.Decline;
import io.billingsdk.server.invoices.InvoiceStates.Balance;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.payments.Payments;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the attempts whose day has come. The row of an attempt stands before its call, so that a
 * server that dies between the two makes the same attempt again, which is the same charge.
 */
final class Retries implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
  private static final Actor TIME = new Actor("time");
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int BATCH = 200;

  private final Database database;
  private final InstantSource clock;
  private final ChargeAttempts charges;
  private final RetryCases cases;

  Retries(Database database, InstantSource clock, ChargeAttempts charges) {
    this.database = database;
    this.clock = clock;
    this.charges = charges;
    this.cases = new RetryCases(database, TIME);
  }

  @Override
  public String name() {
    return "dunning-retries";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    // The day in the zone that is the furthest ahead; each customer has its own.
    look(clock.instant().atZone(ZoneOffset.MAX).toLocalDate());
  }

  /** Looks at all whose day is not after one. */
  private void look(LocalDate latest) {
    List<RetryCase> batch = due(latest, "");
    while (!batch.isEmpty() && !Thread.currentThread().isInterrupted()) {
      batch.forEach(this::attempt);
      batch = batch.size() < BATCH ? List.of() : due(latest, batch.get(BATCH - 1).number());
    }
  }

  private List<RetryCase> due(LocalDate latest, String after) {
    return database.read(handle -> CaseRows.due(handle, latest, after, BATCH));
  }

  /** Looks at those of a customer, whose test clock has moved. */
  void lookAt(String customer) {
    database.read(handle -> CaseRows.ofCustomer(handle, customer)).stream()
        .filter(each -> each.state() == CaseState.WAITING || each.state() == CaseState.CHARGING)
        .forEach(this::attempt);
  }

  private void attempt(RetryCase due) {
    try {
      Optional<RetryCase> charging = database.inTransaction(handle -> begin(handle, due.number()));
      if (charging.isPresent()) {
        RetryCase each = charging.get();
        end(each, charges.charge(each.number(), each.attempts()));
      }
    } catch (RuntimeException fault) {
      LOG.warn(
          "the charge of invoice {} was not tried, and is tried again: {}",
          due.number(),
          fault.toString());
    }
  }

  /** Empty when nothing is to be charged now. */
  private Optional<RetryCase> begin(Handle handle, String number) {
    RetryCase found = CaseRows.lock(handle, number).orElseThrow();
    if (found.state() == CaseState.CHARGING) {
      return Optional.of(found);
    }
    LocalDate today = cases.today(handle, found.customer());
    LocalDate day = found.nextOn();
    if (found.state() != CaseState.WAITING || day == null || day.isAfter(today)) {
      return Optional.empty();
    }
    Optional<Balance> open = cases.open(handle, number).filter(each -> each.open().signum() > 0);
    if (open.isEmpty()) {
      CaseRows.store(handle, found.with(CaseState.RECOVERED, null, null));
      return Optional.empty();
    }
    Optional<LocalDate> later = later(handle, found, open.get(), today);
    if (later.isPresent()) {
      CaseRows.store(handle, postponed(handle, found, later.get()));
      return Optional.empty();
    }
    RetryCase charging = found.charging(today);
    CaseRows.store(handle, charging);
    AttemptRows.start(handle, number, charging.attempts(), today);
    return Optional.of(charging);
  }

  /** The day to look again, if today is too early. */
  private Optional<LocalDate> later(Handle handle, RetryCase found, Balance open, LocalDate today) {
    LocalDate before = today.minusDays(NetworkCap.USUAL.days());
    LocalDate free =
        NetworkCap.USUAL.free(AttemptRows.days(handle, found.customer(), before), today);
    if (free.isAfter(today)) {
      return Optional.of(free);
    }
    String currency = open.open().currency();
    Money owed = new Payments(database.within(handle), TIME).owed(found.customer());
    boolean isLittle =
        owed.currency().equals(currency) && owed.compareTo(RuleRows.least(handle, currency)) < 0;
    return isLittle && !found.isForced() ? Optional.of(today.plusDays(1)) : Optional.empty();
  }

  private static RetryCase postponed(Handle handle, RetryCase found, LocalDate day) {
    boolean isWithin =
        RuleRows.rule(handle, found.declineClass()).isWithin(found.firstOn(), day)
            || found.isForced();
    if (!isWithin) {
      return found.with(CaseState.EXHAUSTED, null, "its last day came before it could be charged");
    }
    return found.isForced() ? found.forced(day) : found.with(CaseState.WAITING, day, null);
  }

  private void end(RetryCase charging, AttemptOutcome outcome) {
    if (outcome instanceof Declined declined) {
      cases.declined(
          new Decline(
              charging.number(),
              charging.customer(),
              charging.attempts(),
              declined.declineClass(),
              declined.code()));
    } else {
      database.useTransaction(handle -> end(handle, charging, outcome));
    }
  }

  private static void end(Handle handle, RetryCase charging, AttemptOutcome outcome) {
    RetryCase now = CaseRows.lock(handle, charging.number()).orElseThrow();
    boolean isSame = now.state() == CaseState.CHARGING && now.attempts() == charging.attempts();
    String code = "";
    String text = "succeeded";
    RetryCase after = now.with(CaseState.RECOVERED, null, null);
    if (outcome instanceof Pending pending) {
      text = "pending";
      code = pending.why();
      after = now.with(CaseState.PENDING, null, pending.why());
    } else if (outcome instanceof NotCharged not) {
      text = "not_charged";
      code = not.why();
      after = notCharged(now, not.why());
    }
    AttemptRows.end(handle, now.number(), charging.attempts(), text, code);
    if (isSame) {
      CaseRows.store(handle, after);
    }
  }

  private static RetryCase notCharged(RetryCase now, String why) {
    return switch (why) {
      case "nothing_open" -> now.with(CaseState.RECOVERED, null, null);
      // Another charge of the invoice is on its way: tomorrow it is known.
      case ChargeAttempts.LIVE_CHARGE -> now.with(CaseState.WAITING, now.lastOn().plusDays(1), why);
      default -> now.with(CaseState.NEEDS_METHOD, null, "nothing could be charged: " + why);
    };
  }
}
