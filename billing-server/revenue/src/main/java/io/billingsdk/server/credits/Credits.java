package io.billingsdk.server.credits;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.CreditRows.Movement;
import io.billingsdk.server.credits.CreditRows.MovementKind;
import io.billingsdk.server.credits.CreditRows.StoredCredit;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.CreditState.UsableCredit;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The credits of customers. Each grant has a ledger of movements that add up to its rest, so the
 * same credit is never used twice. Thread-safe.
 */
public final class Credits {
  /** Used before no other grant, and after none: in the middle. */
  public static final int PRIORITY = 100;

  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.money/' || :customer, 0))";

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Credits(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** What brought a credit. */
  public enum CreditSource {
    /** A person gave it. */
    OPERATOR,
    /** The customer bought it. */
    TOP_UP,
    /** A credit note for an invoice that was paid. */
    CREDIT_NOTE,
    /** A void document for an invoice that was paid. */
    VOID,
    /** A payment above the open amount of its invoice. */
    OVER_PAYMENT,
    /** The unused rest of a fee that is on no invoice. */
    UNINVOICED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Credit that is to be.
   *
   * @param priority 0 to 1000; a lower number is used first
   * @param expiresAt it pays no invoice whose billed time ends then or later; null for never
   * @param reference the document or payment that brought it; null for none
   * @param reason why, in words
   * @param rollover what becomes of its rest with each billing period; null: nothing
   */
  public record NewCredit(
      String customer,
      CreditKind kind,
      CreditSource source,
      Money amount,
      int priority,
      @Nullable Instant expiresAt,
      @Nullable String reference,
      String reason,
      @Nullable CreditRollover rollover) {
    /** One that keeps its rest. */
    public NewCredit(
        String customer,
        CreditKind kind,
        CreditSource source,
        Money amount,
        int priority,
        @Nullable Instant expiresAt,
        @Nullable String reference,
        String reason) {
      this(customer, kind, source, amount, priority, expiresAt, reference, reason, null);
    }
  }

  /**
   * Lets this transaction alone change the money of a customer: credits, coupons, and how much of
   * invoices is open. Take it before numbers of invoices.
   */
  public static void lock(Handle handle, String customer) {
    var unused = handle.createQuery(LOCK).bind("customer", customer).mapToMap().one();
  }

  /** Gives credit that an operator names: the customer and each field are checked. */
  public UUID give(NewCredit wanted) {
    BigDecimal amount = wanted.amount().amount();
    CreditFields.amount("amount", wanted.amount().currency(), amount);
    CreditFields.require(
        wanted.priority() >= 0 && wanted.priority() <= CreditFields.MOST_PRIORITY,
        "priority",
        "0 to " + CreditFields.MOST_PRIORITY);
    CreditFields.text("reason", wanted.reason());
    CreditFields.rollover("rollover", wanted);
    return database.inTransaction(
        handle -> {
          Database here = database.within(handle);
          String currency = new Customers(here, actor).require(wanted.customer()).currency();
          CreditFields.sameCurrency("currency", wanted.amount().currency(), currency);
          Instant now = new CustomerClocks(here).now(wanted.customer());
          CreditFields.later("expiresAt", wanted.expiresAt(), now);
          return add(wanted);
        });
  }

  /** Adds credit in the transaction that brings it. */
  public UUID add(NewCredit wanted) {
    return database.inTransaction(
        handle -> {
          UUID id = UUID.randomUUID();
          Instant now = new CustomerClocks(database.within(handle)).now(wanted.customer());
          CreditRows.add(handle, id, wanted, now, actor.name());
          Map<String, @Nullable Object> shown = new LinkedHashMap<>();
          shown.put("customerId", wanted.customer());
          shown.put("kind", wanted.kind().text());
          shown.put("source", wanted.source().text());
          shown.put("amount", wanted.amount().toString());
          shown.put("reference", wanted.reference());
          shown.put("reason", wanted.reason());
          AuditLog.write(handle, actor, "credit.grant", id.toString(), null, shown);
          return id;
        });
  }

  /**
   * The coupons and credits that an invoice may use, for the transaction that {@linkplain #lock
   * locks} the customer.
   *
   * @param end of the billed time: credit that expires later is still good
   * @param isPeriodEnd whether another billing period begins then: also with a credit that has no
   *     rest, and begins again
   */
  public static CreditState state(
      Handle handle,
      String customer,
      UUID subscription,
      String currency,
      Instant end,
      boolean isPeriodEnd) {
    CreditState all =
        new CreditState(
            CouponRows.usable(handle, customer, subscription, currency, end),
            CreditRows.usable(handle, customer, currency, end));
    return isPeriodEnd ? all : all.withoutRollover();
  }

  /**
   * Lets the credits of a state that have a rollover begin a billing period.
   *
   * @param state as it was before the invoices of the period before
   */
  public void reset(String customer, CreditState state) {
    database.useTransaction(
        handle -> {
          Instant now = new CustomerClocks(database.within(handle)).now(customer);
          for (UsableCredit each : state.credits()) {
            CreditRollover rollover = each.rollover();
            if (rollover != null) {
              Money before = requirePresent(handle, each.id()).remaining();
              Money after = rollover.reset(before, before.minus(before)).rest();
              if (!after.equals(before)) {
                move(handle, each.id(), MovementKind.RESET, after.minus(before), null, now);
              }
            }
          }
        });
  }

  /** Writes down what an invoice used of credits that had begun a period again. */
  public void useAfterReset(String customer, String document, CreditUse use) {
    database.useTransaction(
        handle -> {
          Instant now = new CustomerClocks(database.within(handle)).now(customer);
          for (CreditUse.Part part : use.afterReset()) {
            move(handle, part.id(), MovementKind.BURN, part.amount().negated(), document, now);
          }
        });
  }

  /**
   * Writes down what an invoice used.
   *
   * @throws IllegalStateException when a credit has less than that
   */
  public void use(String customer, String document, CreditUse use) {
    database.useTransaction(
        handle -> {
          Instant now = new CustomerClocks(database.within(handle)).now(customer);
          use.coupons().forEach(part -> CouponRows.use(handle, part, document, now));
          for (CreditUse.Part part : use.credits()) {
            move(handle, part.id(), MovementKind.BURN, part.amount().negated(), document, now);
          }
        });
  }

  /**
   * Gives back what an invoice used, since it is void: to the same credits, with their expiry.
   *
   * @param document the void document
   */
  public void giveBack(String customer, String currency, String invoice, String document) {
    database.useTransaction(
        handle -> {
          Instant now = new CustomerClocks(database.within(handle)).now(customer);
          for (CreditUse.Part part : CouponRows.usedBy(handle, invoice, currency)) {
            CouponRows.giveBack(handle, part, document, now);
          }
          for (CreditUse.Part part : CreditRows.burntBy(handle, invoice, currency)) {
            move(handle, part.id(), MovementKind.RETURN, part.amount(), document, now);
          }
        });
  }

  /** Takes the rest of a credit away. */
  public void withdraw(UUID id, String reason) {
    CreditFields.text("reason", reason);
    database.useTransaction(
        handle -> {
          String customer = requirePresent(handle, id).customer();
          lock(handle, customer);
          StoredCredit credit = requirePresent(handle, id);
          if (credit.remaining().signum() == 0) {
            throw RequestRefusedException.conflict(
                "creditId", "nothing is left of the credit " + id);
          }
          Instant now = new CustomerClocks(database.within(handle)).now(customer);
          move(handle, id, MovementKind.WITHDRAW, credit.remaining().negated(), null, now);
          Map<String, Object> before = Map.of("remaining", credit.remaining().toString());
          Map<String, Object> after = Map.of("reason", reason);
          AuditLog.write(handle, actor, "credit.withdraw", id.toString(), before, after);
        });
  }

  /**
   * Takes back what is left of a top-up whose payment was given back, for the transaction that
   * {@linkplain #lock locks} the customer.
   *
   * @param payment that brought the credit
   * @return how much was left of it, and no more than {@code most}
   */
  public Money takeBack(String payment, Money most) {
    return database.inTransaction(
        handle -> {
          Money taken = Money.zero(most.currency());
          for (StoredCredit credit : CreditRows.ofTopUp(handle, payment)) {
            Money part = credit.remaining().min(most.minus(taken));
            if (part.signum() > 0) {
              Instant now = new CustomerClocks(database.within(handle)).now(credit.customer());
              move(handle, credit.id(), MovementKind.WITHDRAW, part.negated(), null, now);
              taken = taken.plus(part);
            }
          }
          return taken;
        });
  }

  /** How much is left of the credit that a payment bought. */
  public static Money leftOfTopUp(Handle handle, String payment, String currency) {
    return CreditRows.ofTopUp(handle, payment).stream()
        .map(StoredCredit::remaining)
        .reduce(Money.zero(currency), Money::plus);
  }

  /** Writes off the rest of a credit that expired; empty if there is none left. */
  Optional<Money> expire(UUID id) {
    return database.inTransaction(
        handle -> {
          String customer = requirePresent(handle, id).customer();
          lock(handle, customer);
          StoredCredit credit = requirePresent(handle, id);
          if (credit.remaining().signum() == 0) {
            return Optional.empty();
          }
          Instant now = new CustomerClocks(database.within(handle)).now(customer);
          move(handle, id, MovementKind.EXPIRE, credit.remaining().negated(), null, now);
          return Optional.of(credit.remaining());
        });
  }

  /** How much account credit and prepaid credit a customer has, in a currency. */
  public Money balance(String customer, String currency) {
    return database.read(handle -> CreditRows.balance(handle, customer, currency));
  }

  StoredCredit require(UUID id) {
    return database.read(handle -> requirePresent(handle, id));
  }

  List<StoredCredit> of(String customer, long after, int most) {
    new Customers(database, actor).require(customer);
    return database.read(handle -> CreditRows.of(handle, customer, after, most));
  }

  List<Movement> movements(UUID id) {
    return database.read(handle -> CreditRows.movements(handle, id));
  }

  private void move(
      Handle handle,
      UUID id,
      MovementKind kind,
      Money change,
      @Nullable String document,
      Instant at) {
    Movement movement =
        new Movement(0, kind, change.amount(), BigDecimal.ZERO, document, actor.name(), at);
    if (!CreditRows.move(handle, id, movement)) {
      throw new IllegalStateException(
          "the credit " + id + " has less than " + change.negated() + "; bill it again");
    }
  }

  private static StoredCredit requirePresent(Handle handle, UUID id) {
    return CreditRows.find(handle, id)
        .orElseThrow(
            () -> RequestRefusedException.notFound("creditId", "there is no credit " + id));
  }
}
