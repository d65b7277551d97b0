package io.billingsdk.server.credits;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.credits.CreditRows.Movement;
import io.billingsdk.server.credits.CreditRows.MovementKind;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.db.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Account credit that came of money: of payments above what was open, of credit notes and void
 * documents for what was paid. The books have its sum. Thread-safe.
 */
public final class MoneyCredits {
  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who takes some back
   */
  public MoneyCredits(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** How much a customer has. */
  public Money left(String customer, String currency) {
    return database.read(
        handle ->
            MoneyCreditRows.left(handle, customer, currency).stream()
                .map(CreditUse.Part::amount)
                .reduce(Money.zero(currency), Money::plus));
  }

  /** How much of it a credit note or a void document has brought. */
  public Money broughtBy(String document, String currency) {
    return database.read(
        handle -> MoneyCreditRows.moved(handle, document, currency, MovementKind.GRANT));
  }

  /** How much of it an invoice has used. */
  public Money usedBy(String invoice, String currency) {
    return database.read(
        handle -> MoneyCreditRows.moved(handle, invoice, currency, MovementKind.BURN));
  }

  /**
   * What a void document gave back, of this credit and of other credit that pays.
   *
   * @param ofMoney of this credit
   * @param ofOther bought, or given by a person
   */
  public record GivenBack(Money ofMoney, Money ofOther) {}

  /** What a void document gave back to the credits that its invoice had used. */
  public GivenBack givenBackBy(String document, String currency) {
    return database.read(
        handle -> {
          Money ofMoney = MoneyCreditRows.moved(handle, document, currency, MovementKind.RETURN);
          Money all = MoneyCreditRows.movedOfAll(handle, document, currency, MovementKind.RETURN);
          return new GivenBack(ofMoney, all.minus(ofMoney));
        });
  }

  /**
   * Takes credit away whose money goes back, the latest first, as far as there is some.
   *
   * @param payment whose money it is
   */
  public void takeBack(String customer, Money amount, String payment) {
    database.useTransaction(handle -> takeBack(handle, customer, amount, payment));
  }

  private void takeBack(Handle handle, String customer, Money amount, String payment) {
    Credits.lock(handle, customer);
    Instant now = new CustomerClocks(database.within(handle)).now(customer);
    Money wanted = amount;
    for (CreditUse.Part each : MoneyCreditRows.left(handle, customer, amount.currency())) {
      Money part = wanted.min(each.amount());
      if (part.signum() > 0) {
        CreditRows.move(
            handle,
            each.id(),
            new Movement(
                0,
                MovementKind.WITHDRAW,
                part.negated().amount(),
                BigDecimal.ZERO,
                payment,
                actor.name(),
                now));
        Map<String, Object> after = Map.of("amount", part.toString(), "payment", payment);
        AuditLog.write(handle, actor, "credit.withdraw", each.id().toString(), null, after);
        wanted = wanted.minus(part);
      }
    }
  }
}
