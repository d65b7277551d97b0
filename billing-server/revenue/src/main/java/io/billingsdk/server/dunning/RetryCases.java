package io.billingsdk.server.dunning;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.dunning.AttemptRows.Attempt;
import io.billingsdk.server.dunning.RetryCase.CaseState;
import io.billingsdk.server.invoices.InvoiceStates;
import io.billingsdk.server.invoices.InvoiceStates.Balance;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Cases of invoices whose charge was declined: what follows, and what a person says. */
final class RetryCases {
  /** Events that say so. Their subject is {@code customer/ID}. */
  static final String FAILED = "payment.failed";

  static final String FINISHED = "dunning.finished";

  private final Database database;
  private final Actor actor;

  RetryCases(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * A charge was declined.
   *
   * @param attempt which one of its invoice, from 1
   */
  record Decline(
      String number, String customer, int attempt, DeclineKind declineClass, String code) {}

  /** Begins a case, or goes on with one; the same decline again changes nothing. */
  void declined(Decline decline) {
    database.useTransaction(
        handle -> {
          LocalDate today = today(handle, decline.customer());
          RetryCase found = CaseRows.lock(handle, decline.number()).orElse(null);
          if (found == null) {
            found = begin(handle, decline, today);
          } else if (decline.attempt() > found.attempts()) {
            // Somebody has charged beside the schedule: its number is taken.
            found = beside(handle, found, decline, today);
          }
          declined(handle, found, decline, today);
        });
  }

  private static RetryCase begin(Handle handle, Decline decline, LocalDate today) {
    RetryCase begun =
        new RetryCase(
            decline.number(),
            decline.customer(),
            CaseState.CHARGING,
            decline.attempt(),
            decline.declineClass(),
            decline.code(),
            today,
            today,
            null,
            false,
            null,
            java.time.Instant.EPOCH);
    CaseRows.store(handle, begun);
    AttemptRows.start(handle, decline.number(), decline.attempt(), today);
    return begun;
  }

  private static RetryCase beside(
      Handle handle, RetryCase found, Decline decline, LocalDate today) {
    RetryCase charging = found;
    while (charging.attempts() < decline.attempt()) {
      charging = charging.charging(today);
    }
    AttemptRows.start(handle, decline.number(), decline.attempt(), today);
    return found.state().isOver() ? found : charging;
  }

  private void declined(Handle handle, RetryCase of, Decline decline, LocalDate today) {
    boolean isNew =
        AttemptRows.end(
            handle, of.number(), decline.attempt(), AttemptRows.DECLINED, decline.code());
    if (!isNew || of.state().isOver() || decline.attempt() < of.attempts()) {
      return;
    }
    RetryCase after = next(handle, of.declined(decline.declineClass(), decline.code()), today);
    CaseRows.store(handle, after);
    tell(handle, after);
  }

  /** What follows a decline. */
  private static RetryCase next(Handle handle, RetryCase declined, LocalDate today) {
    if (!declined.declineClass().isTriedAgain()) {
      return declined.with(
          CaseState.NEEDS_METHOD, null, "the payment method cannot be charged; save another one");
    }
    Optional<LocalDate> day =
        RuleRows.rule(handle, declined.declineClass())
            .next(declined.firstOn(), declined.lastOn(), declined.attempts() - 1);
    return day.map(each -> declined.with(CaseState.WAITING, later(each, today), null))
        .orElseGet(
            () -> declined.with(CaseState.EXHAUSTED, null, "all attempts of its rule were made"));
  }

  private static LocalDate later(LocalDate day, LocalDate today) {
    return day.isBefore(today) ? today : day;
  }

  private void tell(Handle handle, RetryCase after) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    Money open = open(handle, after.number()).map(Balance::open).orElse(null);
    shown.put("customerId", after.customer());
    shown.put("number", after.number());
    shown.put("currency", open == null ? null : open.currency());
    shown.put("open", open == null ? null : open.amount().toPlainString());
    shown.put("attempt", after.attempts());
    shown.put("declineCode", after.declineCode());
    shown.put("nextOn", after.nextOn() == null ? null : after.nextOn().toString());
    say(handle, FAILED, after, shown);
    if (after.state() == CaseState.EXHAUSTED) {
      say(handle, FINISHED, after, shown);
    }
  }

  private void say(
      Handle handle, String kind, RetryCase of, Map<String, ? extends @Nullable Object> shown) {
    AuditLog.write(handle, actor, kind, of.number(), null, shown);
    Outbox.add(handle, DomainEvent.of(kind, "customer/" + of.customer(), shown, actor.name()));
  }

  /** How an invoice stands; empty for one that there is not. */
  Optional<Balance> open(Handle handle, String number) {
    return new InvoiceStates(database.within(handle), actor).find(number);
  }

  /** The day that it is for a customer. */
  LocalDate today(Handle handle, String customer) {
    Database here = database.within(handle);
    return new CustomerClocks(here)
        .now(customer)
        .atZone(new Customers(here, actor).require(customer).zone())
        .toLocalDate();
  }

  /** The invoice needs no attempt any longer. */
  void settled(String number, CaseState state) {
    database.useTransaction(
        handle ->
            CaseRows.lock(handle, number)
                .filter(each -> !each.state().isOver())
                .ifPresent(each -> CaseRows.store(handle, each.with(state, null, null))));
  }

  /** A payment that was returned: the amount is open again, and so is its case. */
  void returned(String number, String customer) {
    database.useTransaction(
        handle -> {
          RetryCase found = CaseRows.lock(handle, number).orElse(null);
          if (found != null && found.state() == CaseState.RECOVERED) {
            LocalDate today = today(handle, customer);
            RetryCase open = found.declined(DeclineKind.FUNDS, "returned");
            CaseRows.store(handle, next(handle, open, today));
          }
        });
  }

  /** Another payment method was saved: what needs one is tried with it. */
  void methodSaved(String customer) {
    database.useTransaction(
        handle -> {
          LocalDate today = today(handle, customer);
          for (RetryCase each : CaseRows.ofCustomer(handle, customer)) {
            if (each.state() == CaseState.NEEDS_METHOD) {
              withAnotherMethod(handle, each.number(), today);
            }
          }
        });
  }

  /** Alone with it: a person may stop it in the same moment. */
  private static void withAnotherMethod(Handle handle, String number, LocalDate today) {
    CaseRows.lock(handle, number)
        .filter(each -> each.state() == CaseState.NEEDS_METHOD)
        .map(each -> each.declined(DeclineKind.TEMPORARY, "another_method"))
        .ifPresent(each -> CaseRows.store(handle, each.forced(today)));
  }

  /** A person ends the attempts of an invoice; nothing begins them again. */
  RetryCase stop(String number, String reason) {
    return change(
        number,
        "dunning.stop",
        reason,
        (found, today) -> {
          if (found.state().isOver()) {
            throw conflict(found, "its attempts have ended: " + found.state().text());
          }
          return found.with(CaseState.STOPPED, null, reason);
        });
  }

  /** A person has the next attempt made today, whatever the threshold and the rule say. */
  RetryCase retryNow(String number, String reason) {
    return change(
        number,
        "dunning.retry",
        reason,
        (found, today) -> {
          if (found.state() != CaseState.WAITING && found.state() != CaseState.EXHAUSTED) {
            String why = found.reason() == null ? "" : "; " + found.reason();
            throw conflict(found, "it is " + found.state().text() + why);
          }
          return found.forced(today);
        });
  }

  private static RequestRefusedException conflict(RetryCase found, String why) {
    return RequestRefusedException.conflict(
        "number", "the charge of " + found.number() + " cannot be changed so: " + why);
  }

  /** What a person does to a case. */
  @FunctionalInterface
  private interface Change {
    RetryCase of(RetryCase found, LocalDate today);
  }

  private RetryCase change(String number, String action, String reason, Change change) {
    if (reason.isBlank()) {
      throw RequestRefusedException.invalid("reason", "a text of 1 to 256 characters");
    }
    return database.inTransaction(
        handle -> {
          RetryCase found = CaseRows.lock(handle, number).orElseThrow(() -> none(number));
          RetryCase after = change.of(found, today(handle, found.customer()));
          CaseRows.store(handle, after);
          Map<String, String> before = Map.of("state", found.state().text());
          AuditLog.write(handle, actor, action, number, before, Map.of("reason", reason));
          return CaseRows.find(handle, number).orElseThrow(() -> none(number));
        });
  }

  RetryCase require(String number) {
    return database.read(handle -> CaseRows.find(handle, number)).orElseThrow(() -> none(number));
  }

  List<Attempt> attempts(String number) {
    return database.read(handle -> AttemptRows.of(handle, number));
  }

  List<RetryCase> page(@Nullable String customer, @Nullable String state, String after, int most) {
    return database.read(handle -> CaseRows.page(handle, customer, state, after, most));
  }

  private static RequestRefusedException none(String number) {
    return RequestRefusedException.notFound(
        "number", "no charge of the invoice " + number + " was declined");
  }
}
