package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.catalog.Entitlements;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanCharge.Kind;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Command.Start;
import io.billingsdk.server.subscriptions.Outcome.Change;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plans and subscriptions to try. */
final class Samples {
  static final ZoneId UTC = ZoneId.of("UTC");
  static final PlanVersion FREE = monthly("free", 1, "USD", "0");
  static final PlanVersion PRO = monthly("pro", 1, "USD", "29.00");
  static final PlanVersion PRO_2 = monthly("pro", 2, "USD", "31.00");
  static final PlanVersion ENTERPRISE = monthly("enterprise", 1, "USD", "99.00");
  static final PlanVersion YEARLY = plan("yearly", 1, "USD", BillingInterval.YEAR, 0, "290.00");
  static final PlanVersion TRIAL = plan("trial", 1, "USD", BillingInterval.MONTH, 14, "29.00");

  private Samples() {}

  static PlanVersion monthly(String plan, int version, String currency, String price) {
    return plan(plan, version, currency, BillingInterval.MONTH, 0, price);
  }

  static PlanVersion plan(
      String plan,
      int version,
      String currency,
      BillingInterval interval,
      int trial,
      String price) {
    return withCharges(
        plan,
        version,
        currency,
        interval,
        trial,
        List.of(fee("base", Kind.FLAT_IN_ADVANCE, currency, price)));
  }

  static PlanVersion withCharges(
      String plan,
      int version,
      String currency,
      BillingInterval interval,
      int trial,
      List<PlanCharge> charges) {
    return new PlanVersion(
        plan, version, currency, interval, trial, charges, Entitlements.UNLIMITED, Instant.EPOCH);
  }

  static PlanCharge fee(String id, Kind kind, String currency, String price) {
    return new PlanCharge(id, id, kind, null, Charge.of(currency, PriceModel.flat(price)));
  }

  static Start start(PlanVersion plan, ZoneId zone, @Nullable LocalDate anchor) {
    return start(plan, zone, anchor, ProrationRule.DAYS);
  }

  static Start start(
      PlanVersion plan, ZoneId zone, @Nullable LocalDate anchor, ProrationRule rule) {
    return new Start(new UUID(0, 1), "acme", plan.currency(), zone, plan, anchor, rule);
  }

  static Subscription started(PlanVersion plan, String at) {
    return change(null, start(plan, UTC, null), at).after();
  }

  static Subscription after(Subscription old, Act act, String at) {
    return change(old, new Plain(act), at).after();
  }

  static Change change(@Nullable Subscription old, Command command, String at) {
    return (Change) Planner.plan(old, command, time(at));
  }

  static Subscription advanced(Subscription subscription, String until) {
    List<Change> changes = until(subscription, time(until), 10_000);
    return changes.isEmpty() ? subscription : changes.get(changes.size() - 1).after();
  }

  /** A day at midnight in UTC, or a moment. */
  static Instant time(String text) {
    return text.length() == 10
        ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
        : Instant.parse(text);
  }

  static List<String> amounts(Change change) {
    List<String> amounts = new ArrayList<>();
    change.lines().forEach(line -> amounts.add(line.kind().text() + " " + line.amount()));
    return amounts;
  }

  /** All that time brings up to a moment, the moment included. */
  static List<Change> until(Subscription subscription, Instant until, int most) {
    List<Change> changes = new ArrayList<>();
    Subscription present = subscription;
    for (Optional<Instant> due = present.dueAt();
        due.isPresent() && !due.get().isAfter(until) && changes.size() < most;
        due = present.dueAt()) {
      Change change = Timeline.next(present, due.get());
      changes.add(change);
      present = change.after();
    }
    return changes;
  }
}
