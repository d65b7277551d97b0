package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Order.Begin;
import io.billingsdk.server.subscriptions.Order.OrderKind;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions for the tests of features above them: starts, changes, and the time that passes.
 */
public final class SubscriptionTime {
  private static final Actor TESTER = new Actor("tester");

  private SubscriptionTime() {}

  /** Starts one by the clock of its customer. */
  public static Subscription start(Database database, String customer, String plan) {
    return of(database)
        .start(new Begin(customer, plan, null, null, ProrationRule.DAYS, null))
        .after()
        .orElseThrow();
  }

  /**
   * Starts one by the clock of its customer, said to a listener.
   *
   * @param anchor a local day on which a billing period begins
   */
  public static Subscription start(
      Database database,
      String customer,
      String plan,
      LocalDate anchor,
      EntitlementsListener listener) {
    return new Subscriptions(database, TESTER, List.of(listener))
        .start(new Begin(customer, plan, null, anchor, ProrationRule.DAYS, null))
        .after()
        .orElseThrow();
  }

  /** Starts one with another way to divide a price. */
  public static Subscription start(
      Database database,
      String customer,
      String plan,
      @Nullable LocalDate anchor,
      ProrationRule rule) {
    return of(database)
        .start(new Begin(customer, plan, null, anchor, rule, null))
        .after()
        .orElseThrow();
  }

  /** Lets happen all that time has brought. */
  public static void catchUp(Database database, String customer) {
    of(database).catchUpOf(customer);
  }

  /** The same, said to a listener. */
  public static void catchUp(Database database, String customer, EntitlementsListener listener) {
    new Subscriptions(database, TESTER, List.of(listener)).catchUpOf(customer);
  }

  /** Ends one now. */
  public static void cancelNow(Database database, UUID id) {
    var unused =
        of(database)
            .change(id, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
  }

  /** Ends one now, said to a listener. */
  public static void cancelNow(Database database, UUID id, EntitlementsListener listener) {
    var unused =
        new Subscriptions(database, TESTER, List.of(listener))
            .change(id, new Alter(OrderKind.CANCEL, null, null, Timing.NOW, null, null, null));
  }

  /** Another plan, now. */
  public static void switchNow(Database database, UUID id, String plan) {
    var unused =
        of(database)
            .change(id, new Alter(OrderKind.SWITCH, plan, null, Timing.NOW, null, null, null));
  }

  /** Another plan, now, said to a listener. */
  public static void switchNow(
      Database database, UUID id, String plan, EntitlementsListener listener) {
    var unused =
        new Subscriptions(database, TESTER, List.of(listener))
            .change(id, new Alter(OrderKind.SWITCH, plan, null, Timing.NOW, null, null, null));
  }

  /** Another day of the month on which periods begin. */
  public static void billDay(Database database, UUID id, int day, Timing timing) {
    var unused =
        of(database).change(id, new Alter(OrderKind.BILL_DAY, null, null, timing, day, null, null));
  }

  /** A rest, from now on. */
  public static void pause(Database database, UUID id) {
    var unused =
        of(database).change(id, new Alter(OrderKind.PAUSE, null, null, null, null, null, null));
  }

  /** The end of the rest. */
  public static void resume(Database database, UUID id) {
    var unused =
        of(database).change(id, new Alter(OrderKind.RESUME, null, null, null, null, null, null));
  }

  private static Subscriptions of(Database database) {
    return new Subscriptions(database, TESTER, List.of());
  }
}
