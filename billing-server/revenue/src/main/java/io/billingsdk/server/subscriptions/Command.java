package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.catalog.PlanVersion;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A change that somebody wants of a subscription. Immutable. */
sealed interface Command {
  /**
   * A subscription begins.
   *
   * @param currency that of the customer
   * @param zone that of the customer
   * @param anchor a local day on which a billing period begins; null for the first of the month,
   *     with weeks for the day of the start
   * @param proration how a price is divided over its period
   */
  record Start(
      UUID id,
      String customer,
      String currency,
      ZoneId zone,
      PlanVersion plan,
      @Nullable LocalDate anchor,
      ProrationRule proration)
      implements Command {}

  /**
   * Another plan. Whether that is an upgrade or a downgrade follows from the prices.
   *
   * @param timing when; null for an upgrade now and a downgrade at the end of the period
   */
  record Switch(PlanVersion plan, @Nullable Timing timing) implements Command {}

  /**
   * Another version of the same plan.
   *
   * @param timing when; null for the end of the period
   */
  record Migrate(PlanVersion plan, @Nullable Timing timing) implements Command {}

  /** The days of the customer begin in another zone. */
  record ChangeZone(ZoneId zone) implements Command {}

  /**
   * Its billing periods begin on another day of the month.
   *
   * @param day 1 to 31, in a shorter month the last day
   * @param running what becomes of the running period
   */
  record ChangeBillDay(int day, RunningPeriod running) implements Command {}

  /** An act that needs no more than its name. */
  record Plain(Act act) implements Command {
    /** Refuses an act that needs more. */
    public Plain {
      switch (act) {
        case START, UPGRADE, DOWNGRADE, MIGRATE, CHANGE_ZONE, CHANGE_BILL_DAY ->
            throw new IllegalArgumentException("needs more than its name: " + act);
        default -> {}
      }
    }
  }
}
