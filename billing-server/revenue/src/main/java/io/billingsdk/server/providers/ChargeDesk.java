package io.billingsdk.server.providers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.payments.ProviderBooks;
import io.billingsdk.server.payments.ProviderMoney;
import io.billingsdk.server.providers.PaymentProvider.HostedPage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Applies what a provider says of a payment to its charge, forward only, with the books, in one
 * transaction. Thread-safe.
 */
final class ChargeDesk {
  static final String FAILED = "charge.failed";
  static final String NEEDS_OPERATOR = "charge.needs_operator";
  static final String REQUIRES_ACTION = "charge.requires_action";
  static final String PROCESSING = "charge.processing";
  static final String RETURNED = "charge.returned";

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration DENIED = Duration.ofMinutes(5);
  private static final Duration LATER = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final Database database;
  private final InstantSource clock;
  private final Failpoint.Hook hook;

  ChargeDesk(Database database, InstantSource clock, Failpoint.Hook hook) {
    this.database = database;
    this.clock = clock;
    this.hook = hook;
  }

  static Actor actor(ProviderName provider) {
    return new Actor("provider:" + provider.text());
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Applies it in a transaction of its own. */
  Charge apply(String chargeId, ProviderPayment seen) {
    Charge after =
        database.inTransaction(
            handle -> {
              Charge done = apply(handle, chargeId, seen);
              hook.reached(Failpoint.CHARGE_BOOKED_NOT_COMMITTED);
              return done;
            });
    hook.reached(Failpoint.CHARGE_COMMITTED);
    return after;
  }

  /** Applies it in the transaction of the caller. */
  Charge apply(Handle handle, String chargeId, ProviderPayment seen) {
    // In the order in which all lock: the money of the customer, then the charge.
    Charge known = require(handle, chargeId);
    ProviderBooks.lock(handle, known.customer());
    Charge before = ChargeRows.locked(handle, chargeId).orElse(known);
    if (seen.state() == ChargeState.SUCCEEDED) {
      return succeeded(handle, before, seen);
    }
    if (seen.state().compareTo(before.state()) <= 0) {
      return same(handle, before, seen);
    }
    DeclineClass declined =
        seen.state() == ChargeState.FAILED
            ? DeclineClass.ofCode(Objects.requireNonNullElse(seen.code(), ""))
            : null;
    Charge after = changed(before, seen, declined, before.paymentId());
    ChargeRows.update(handle, after, lookAt(after));
    told(handle, after);
    return after;
  }

  private Charge same(Handle handle, Charge before, ProviderPayment seen) {
    if (before.state().isLive()) {
      ChargeRows.lookAgain(handle, before.id(), seen.reference(), again(before));
    }
    return before;
  }

  /** A payment of ours is booked whatever was known before: the money has come. */
  private Charge succeeded(Handle handle, Charge before, ProviderPayment seen) {
    String payment =
        books(handle, before.provider())
            .received(
                handle,
                new ProviderMoney(
                    before.provider().text(),
                    seen.reference(),
                    before.customer(),
                    seen.amount(),
                    seen.fee(),
                    today(handle, before.customer()),
                    before.number()));
    if (before.state().compareTo(ChargeState.SUCCEEDED) >= 0) {
      return before;
    }
    Charge after = changed(before, seen, null, payment);
    ChargeRows.update(handle, after, null);
    return after;
  }

  /** The money of a charge went back after it had come. */
  void returned(Handle handle, String payment, String reason) {
    ChargeRows.ofPayment(handle, payment)
        .flatMap(each -> ChargeRows.locked(handle, each.id()))
        .filter(each -> each.state() == ChargeState.SUCCEEDED)
        .ifPresent(
            before -> {
              Charge after =
                  new Charge(
                      before.id(),
                      before.position(),
                      before.intent(),
                      before.attempt(),
                      before.customer(),
                      before.provider(),
                      before.number(),
                      before.amount(),
                      before.methodId(),
                      ChargeState.RETURNED,
                      before.reference(),
                      null,
                      reason,
                      null,
                      payment,
                      null,
                      before.looks(),
                      before.createdAt(),
                      now());
              ChargeRows.update(handle, after, null);
              told(handle, after);
            });
  }

  /** The provider refuses the account of this server: an operator is asked to see to it, once. */
  Charge denied(String chargeId, String why) {
    return database.inTransaction(
        handle -> {
          Charge before =
              ChargeRows.locked(handle, chargeId).orElseGet(() -> require(handle, chargeId));
          if (!before.state().isUnsent()) {
            ChargeRows.lookAgain(handle, chargeId, null, now().plus(DENIED));
            return before;
          }
          Charge after = before.denied(why, now());
          ChargeRows.update(handle, after, lookAt(after));
          if (before.state() == ChargeState.CREATED) {
            told(handle, after);
          }
          return after;
        });
  }

  /** The customer has a page on which to pay it. */
  Charge waits(String chargeId, HostedPage page) {
    return database.inTransaction(
        handle -> {
          Charge before =
              ChargeRows.locked(handle, chargeId).orElseGet(() -> require(handle, chargeId));
          boolean lacksPage =
              before.state() == ChargeState.REQUIRES_ACTION && before.actionUrl() == null;
          if (!before.state().isUnsent() && !lacksPage) {
            return before;
          }
          ProviderPayment seen =
              new ProviderPayment(
                  page.reference(),
                  before.intent(),
                  before.attempt(),
                  ChargeState.REQUIRES_ACTION,
                  before.amount(),
                  null,
                  null,
                  page.url());
          Charge after = changed(before, seen, null, null);
          ChargeRows.update(handle, after, lookAt(after));
          if (lacksPage) {
            // The customer is away, and was said nothing that leads to a page.
            told(handle, after);
          }
          return ChargeRows.find(handle, chargeId).orElse(after);
        });
  }

  /** The provider has never had it, or has refused it. */
  Charge failed(String chargeId, String code) {
    return database.inTransaction(
        handle -> {
          Charge known = require(handle, chargeId);
          return apply(
              handle,
              chargeId,
              ProviderPayment.failed(known.intent(), known.attempt(), known.amount(), code));
        });
  }

  private Charge changed(
      Charge before,
      ProviderPayment seen,
      @Nullable DeclineClass declined,
      @Nullable String payment) {
    return new Charge(
        before.id(),
        before.position(),
        before.intent(),
        before.attempt(),
        before.customer(),
        before.provider(),
        before.number(),
        before.amount(),
        before.methodId(),
        seen.state(),
        seen.reference().isEmpty() ? null : seen.reference(),
        declined,
        declined == null ? null : seen.code(),
        seen.url(),
        payment,
        null,
        before.looks(),
        before.createdAt(),
        now());
  }

  /** The day on which it came, for the customer. */
  private LocalDate today(Handle handle, String customer) {
    Database here = database.within(handle);
    return new CustomerClocks(here, clock)
        .now(customer)
        .atZone(new Customers(here, new Actor("books")).require(customer).zone())
        .toLocalDate();
  }

  ProviderBooks books(Handle handle, ProviderName provider) {
    return new ProviderBooks(database.within(handle), actor(provider));
  }

  private @Nullable Instant lookAt(Charge charge) {
    return switch (charge.state()) {
      case CREATED -> now().plus(SOON);
      case NEEDS_OPERATOR -> now().plus(DENIED);
      case REQUIRES_ACTION -> now().plus(LATER);
      case PROCESSING -> now().plus(DAY);
      case FAILED, SUCCEEDED, RETURNED -> null;
    };
  }

  /** When a charge without news is looked at again: ever less often. */
  Instant again(Charge charge) {
    if (charge.state() == ChargeState.PROCESSING) {
      return now().plus(DAY);
    }
    Duration wait = SOON.multipliedBy(1L << Math.min(charge.looks(), 6));
    return now().plus(wait);
  }

  private void told(Handle handle, Charge charge) {
    String kind =
        switch (charge.state()) {
          case REQUIRES_ACTION -> REQUIRES_ACTION;
          case PROCESSING -> PROCESSING;
          case RETURNED -> RETURNED;
          case NEEDS_OPERATOR -> NEEDS_OPERATOR;
          case CREATED, FAILED, SUCCEEDED -> FAILED;
        };
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("chargeId", charge.id());
    shown.put("customerId", charge.customer());
    shown.put("attempt", charge.attempt());
    shown.put("provider", charge.provider().text());
    shown.put("currency", charge.amount().currency());
    shown.put("amount", charge.amount().amount().toPlainString());
    put(shown, "number", charge.number());
    if (charge.declineClass() != null) {
      shown.put("declineClass", charge.declineClass().text());
    }
    put(shown, "declineCode", charge.declineCode());
    if (charge.state() == ChargeState.REQUIRES_ACTION) {
      put(shown, "url", charge.actionUrl());
    }
    put(shown, "problem", charge.problem());
    Actor actor = actor(charge.provider());
    AuditLog.write(handle, actor, kind, charge.id(), null, shown);
    Outbox.add(handle, DomainEvent.of(kind, "customer/" + charge.customer(), shown, actor.name()));
  }

  private static void put(
      Map<String, @Nullable Object> shown, String name, @Nullable String value) {
    if (value != null) {
      shown.put(name, value);
    }
  }

  private static Charge require(Handle handle, String id) {
    return ChargeRows.find(handle, id)
        .orElseThrow(() -> new IllegalStateException("there is no charge " + id));
  }
}
