package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.BillingInterval.Unit;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanCharge.Kind;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.customers.ZoneHistory.ZoneChange;
import io.billingsdk.server.subscriptions.Command.ChangeBillDay;
import io.billingsdk.server.subscriptions.Command.Migrate;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Command.Start;
import io.billingsdk.server.subscriptions.Command.Switch;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Random plans, moments and commands, with the values at which mistakes are made. */
final class Histories {
  /** Zones that skip midnights, change by halves, quarters or whole days, or never. */
  static final List<ZoneId> ZONES =
      List.of(
              "UTC",
              "Europe/Berlin",
              "America/New_York",
              "America/Sao_Paulo",
              "America/St_Johns",
              "America/Havana",
              "Asia/Kolkata",
              "Asia/Kathmandu",
              "Asia/Shanghai",
              "Asia/Tokyo",
              "Asia/Beirut",
              "Africa/Cairo",
              "Australia/Lord_Howe",
              "Australia/Adelaide",
              "Pacific/Apia",
              "Pacific/Kiritimati",
              "Pacific/Chatham",
              "Pacific/Honolulu",
              "America/Santiago",
              "Atlantic/Azores")
          .stream()
          .map(ZoneId::of)
          .toList();

  static final List<PlanVersion> PLANS = plans();

  private static final List<Act> PLAIN =
      List.of(
          Act.CANCEL_NOW,
          Act.CANCEL_AT_END,
          Act.UNDO,
          Act.PAUSE,
          Act.RESUME,
          Act.RESUME,
          Act.REACTIVATE,
          Act.PAYMENT_MISSED,
          Act.PAYMENT_MADE);

  private final Random random;

  Histories(long seed) {
    this.random = new Random(seed);
  }

  private static List<PlanVersion> plans() {
    List<PlanVersion> plans = new ArrayList<>();
    BillingInterval[] intervals = {
      BillingInterval.MONTH,
      BillingInterval.YEAR,
      new BillingInterval(3, Unit.MONTH),
      new BillingInterval(2, Unit.WEEK)
    };
    for (BillingInterval interval : intervals) {
      for (String price : List.of("0", "29.00", "99.99")) {
        for (int version = 1; version <= 2; version++) {
          plans.add(
              Samples.withCharges(
                  "p" + interval.count() + interval.unit() + price.replace(".", "_"),
                  version,
                  "USD",
                  interval,
                  price.startsWith("2") && version == 2 ? 10 : 0,
                  charges(price, version)));
        }
      }
    }
    return List.copyOf(plans);
  }

  private static List<PlanCharge> charges(String price, int version) {
    return List.of(
        Samples.fee("base", Kind.FLAT_IN_ADVANCE, "USD", price),
        Samples.fee("support", Kind.FLAT_IN_ARREARS, "USD", version + ".77"));
  }

  Start start() {
    LocalDate anchor =
        oneIn(2) ? null : LocalDate.of(2025, 1 + below(12), 1).plusDays(oneIn(3) ? 30 : below(31));
    return new Start(
        new UUID(0, 1),
        "acme",
        "USD",
        of(ZONES),
        of(PLANS),
        anchor,
        oneIn(4) ? ProrationRule.INSTANT : ProrationRule.DAYS);
  }

  Instant begin() {
    return Instant.parse("2025-12-15T00:00:00Z").plusSeconds(below(90 * 86_400));
  }

  /** At the same moment, within the day, within months, or when something is due. */
  Instant after(Subscription subscription) {
    Instant last = subscription.changedAt();
    return switch (below(6)) {
      case 0 -> last;
      case 1 -> last.plusSeconds(below(86_400));
      case 2 -> subscription.dueAt().orElse(last.plusSeconds(86_400));
      case 3 ->
          last.atZone(subscription.zone())
              .toLocalDate()
              .plusDays(1 + below(40))
              .atStartOfDay(subscription.zone())
              .toInstant();
      default -> last.plusSeconds(below(75 * 86_400)).plusNanos(below(1_000_000_000));
    };
  }

  Command command(Subscription present) {
    return switch (below(8)) {
      case 0, 1, 2 -> new Switch(of(PLANS), timing());
      case 3 -> migration(present);
      case 4 ->
          new ChangeBillDay(1 + below(31), oneIn(2) ? RunningPeriod.STAYS : RunningPeriod.IS_CUT);
      default -> new Plain(of(PLAIN));
    };
  }

  /** The zones of the customer, who seldom moves, and then at some moment before this one. */
  ZoneHistory zones(Subscription present, Instant at) {
    if (!oneIn(8)) {
      return ZoneHistory.of(present.zone());
    }
    long between = Math.max(0, at.getEpochSecond() - present.changedAt().getEpochSecond());
    Instant moved = oneIn(4) ? at : at.minusSeconds(random.nextLong(between + 1));
    return new ZoneHistory(present.zone(), List.of(new ZoneChange(moved, of(ZONES))));
  }

  private Command migration(Subscription present) {
    PlanVersion plan = of(PLANS);
    for (PlanVersion each : PLANS) {
      if (each.plan().equals(present.plan().plan()) && each.version() != present.plan().version()) {
        plan = each;
      }
    }
    return new Migrate(plan, timing());
  }

  private @Nullable Timing timing() {
    return oneIn(2) ? null : oneIn(2) ? Timing.NOW : Timing.AT_PERIOD_END;
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  private <T> T of(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
