package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.payments.ProviderBooks;
import io.billingsdk.server.payments.ProviderBooks.OwedInvoice;
import io.billingsdk.server.providers.ChargeResult.NotCharged;
import io.billingsdk.server.providers.ChargeResult.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Charges what is open of an invoice by the saved method of its customer. The row of a charge is
 * stored before the provider is called, so each attempt takes money once, whatever crashes.
 * Thread-safe.
 */
public final class InvoiceCharges {
  private static final Duration UNTIL_LOOK = Duration.ofMinutes(2);

  private final Database database;
  private final Providers providers;
  private final ChargeSender sender;
  private final ChargeDesk desk;
  private final Failpoint.Hook hook;

  InvoiceCharges(
      Database database,
      Providers providers,
      ChargeSender sender,
      ChargeDesk desk,
      Failpoint.Hook hook) {
    this.database = database;
    this.providers = providers;
    this.sender = sender;
    this.desk = desk;
    this.hook = hook;
  }

  /**
   * Charges an invoice. It waits for the network: never call it within a transaction.
   *
   * @param attempt from 1; the same one again is the same charge
   */
  public ChargeResult charge(String invoice, int attempt) {
    return charge(invoice, attempt, new Actor("billing"));
  }

  ChargeResult charge(String invoice, int attempt, Actor actor) {
    try {
      Prepared prepared =
          database.inTransaction(handle -> prepared(handle, invoice, attempt, actor));
      return send(prepared).result();
    } catch (NotChargedException refused) {
      return refused.why();
    }
  }

  /** Sends a stored charge: never within a transaction. */
  Charge send(Prepared prepared) {
    Charge charge = prepared.charge();
    SavedMethod method = prepared.method();
    if (!charge.state().isUnsent() || method == null) {
      return charge;
    }
    hook.reached(Failpoint.CHARGE_STORED);
    return sender.send(charge, method);
  }

  /**
   * Stores the next attempt of an invoice.
   *
   * @throws RequestRefusedException when it cannot be charged
   */
  Prepared prepareNext(Handle handle, String invoice, Actor actor) {
    int next =
        ChargeRows.ofNumber(handle, invoice).stream().mapToInt(Charge::attempt).max().orElse(0) + 1;
    try {
      return prepared(handle, invoice, next, actor);
    } catch (NotChargedException refused) {
      throw RequestRefusedException.conflict("number", refused.why().reason());
    }
  }

  /** A stored charge, and the method that it charges. */
  record Prepared(Charge charge, @Nullable SavedMethod method) {}

  /** Nothing is stored. */
  private static final class NotChargedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient NotCharged why;

    NotChargedException(Why why, String reason) {
      super(reason);
      this.why = new NotCharged(why, reason);
    }

    NotCharged why() {
      return why;
    }
  }

  private Prepared prepared(Handle handle, String invoice, int attempt, Actor actor) {
    Optional<OwedInvoice> seen = ProviderBooks.owed(handle, invoice);
    if (seen.isEmpty()) {
      throw refused(Why.NOTHING_OPEN, "the books have no invoice " + invoice);
    }
    ProviderBooks.lock(handle, seen.get().customer());
    OwedInvoice owed = ProviderBooks.owed(handle, invoice).orElse(seen.get());
    List<Charge> before = ChargeRows.ofNumber(handle, invoice);
    for (Charge each : before) {
      if (each.attempt() == attempt) {
        return new Prepared(each, methodOf(handle, each));
      }
    }
    if (owed.open().signum() == 0) {
      throw refused(Why.NOTHING_OPEN, "nothing of the invoice " + invoice + " is open");
    }
    if (before.stream().anyMatch(each -> each.state().isLive())) {
      throw refused(Why.UNDER_WAY, "another charge of the invoice " + invoice + " is under way");
    }
    return chargeable(handle, owed, before, attempt, actor);
  }

  private Prepared chargeable(
      Handle handle, OwedInvoice owed, List<Charge> before, int attempt, Actor actor) {
    Optional<SavedMethod> method = MethodRows.ofDefault(handle, owed.customer());
    if (method.isEmpty() || providers.find(method.get().provider()).isEmpty()) {
      throw refused(
          Why.NO_METHOD, "the customer " + owed.customer() + " has no method that can be charged");
    }
    ProviderName provider = method.get().provider();
    Optional<String> problem = MinorUnits.problem(provider, owed.open());
    if (problem.isPresent()) {
      throw refused(Why.AMOUNT, problem.get());
    }
    String intent = before.isEmpty() ? newIntent() : before.get(0).intent();
    Charge charge =
        insert(
            handle,
            new NewCharge(
                intent,
                attempt,
                owed.customer(),
                provider,
                owed.number(),
                owed.open(),
                method.get().id()),
            actor);
    return new Prepared(charge, method.get());
  }

  private static NotChargedException refused(Why why, String reason) {
    return new NotChargedException(why, reason);
  }

  private static @Nullable SavedMethod methodOf(Handle handle, Charge charge) {
    return Optional.ofNullable(charge.methodId())
        .flatMap(id -> MethodRows.find(handle, id))
        .orElse(null);
  }

  static String newIntent() {
    return "int_" + UUID.randomUUID().toString().replace("-", "");
  }

  /** A charge that is to be stored. */
  record NewCharge(
      String intent,
      int attempt,
      String customer,
      ProviderName provider,
      @Nullable String number,
      Money amount,
      @Nullable String methodId) {}

  Charge insert(Handle handle, NewCharge wanted, Actor actor) {
    Instant now = desk.now();
    String id = "chg_" + UUID.randomUUID().toString().replace("-", "");
    Charge charge =
        new Charge(
            id,
            0,
            wanted.intent(),
            wanted.attempt(),
            wanted.customer(),
            wanted.provider(),
            wanted.number(),
            wanted.amount(),
            wanted.methodId(),
            ChargeState.CREATED,
            null,
            null,
            null,
            null,
            null,
            null,
            0,
            now,
            now);
    ChargeRows.insert(handle, charge, now.plus(UNTIL_LOOK));
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("customerId", wanted.customer());
    shown.put("provider", wanted.provider().text());
    shown.put("number", wanted.number());
    shown.put("attempt", wanted.attempt());
    shown.put("amount", wanted.amount().toString());
    AuditLog.write(handle, actor, "charge.create", id, null, shown);
    return ChargeRows.find(handle, id).orElse(charge);
  }
}
