package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.rating.UnusedCredit;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanCharge.Kind;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Subscription.BillDaySpan;
import io.billingsdk.server.subscriptions.Subscription.Facts;
import io.billingsdk.server.subscriptions.Subscription.ZoneSpan;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A subscription while a change of it is reckoned, and the lines of the change. For one thread. */
final class Draft {
  private final UUID id;
  private final String customer;
  private final String currency;
  private final LocalDate anchor;
  private final ProrationRule proration;
  private final List<ZoneSpan> zones;
  private final List<BillDaySpan> billDays;
  private final List<Segment> segments;
  private final List<SubscriptionLine> charged;
  private final List<SubscriptionLine> lines = new ArrayList<>();
  private final long revision;
  private Instant coveredFrom;
  PlanVersion plan;
  SubscriptionState state;
  @Nullable Instant trialEnd;
  @Nullable Pending pending;

  Draft(Facts facts) {
    this.id = facts.id();
    this.customer = facts.customer();
    this.currency = facts.currency();
    this.state = facts.state();
    this.plan = facts.plan();
    this.anchor = facts.anchor();
    this.proration = facts.proration();
    this.zones = new ArrayList<>(facts.zones());
    this.billDays = new ArrayList<>(facts.billDays());
    this.trialEnd = facts.trialEnd();
    this.coveredFrom = facts.coveredFrom();
    this.charged = new ArrayList<>(facts.charged());
    this.pending = facts.pending();
    this.segments = new ArrayList<>(facts.segments());
    this.revision = facts.revision();
  }

  /** As it is when this has happened. */
  Outcome.Change done(Act act, Instant at) {
    return new Outcome.Change(act, at, as(revision + 1, at), lines);
  }

  void addZone(ZoneSpan span) {
    zones.add(span);
  }

  void addBillDay(BillDaySpan span) {
    billDays.add(span);
  }

  /** Begins a segment that is not charged. */
  void beginTrial(Instant at) {
    begin(at, /* isTrial= */ true);
    coveredFrom = at;
  }

  /**
   * Begins a segment, and charges its flat fees up to the end of its period.
   *
   * @param notBefore fees of the time before are settled already
   */
  void beginCharged(Instant at, Instant notBefore) {
    begin(at, /* isTrial= */ false);
    chargeFrom(at, notBefore);
  }

  /** Goes on with the segment in the period that begins now. */
  void beginPeriod(Instant at) {
    chargeFrom(at, at);
  }

  /** Goes on after a pause, or after the end. */
  void beginAgain(Instant at) {
    beginCharged(at, coveredFrom);
  }

  /** Changes the plan in use; what the new one costs begins where the fees of the old one end. */
  void change(PlanVersion to, Instant at) {
    // After a change of the zone the new plan's period may begin later on the day of the change.
    end(at, periodAt(to, at).start());
    plan = to;
    if (state == SubscriptionState.TRIALING) {
      beginTrial(at);
    } else {
      beginCharged(at, coveredFrom);
    }
  }

  /**
   * Ends the segment: the fees in arrears are due, and what was charged for the time after is
   * credited.
   */
  void end(Instant at) {
    end(at, Instant.MIN);
  }

  private void end(Instant at, Instant notBefore) {
    settle(at, notBefore);
    int last = segments.size() - 1;
    segments.set(last, segments.get(last).endingAt(at));
  }

  /** The same at the end of a period, of a segment that goes on. */
  void settle(Instant at) {
    settle(at, Instant.MIN);
  }

  private void settle(Instant at, Instant notBefore) {
    if (segments.get(segments.size() - 1).isTrial()) {
      return;
    }
    BillingPeriod period = periodAt(plan, coveredFrom);
    Instant cut = later(feesBegin(period, at), later(notBefore, coveredFrom));
    for (SubscriptionLine line : charged) {
      if (cut.isBefore(line.to())) {
        lines.add(credit(line, period, cut));
      }
    }
    charged.clear();
    if (coveredFrom.isBefore(cut)) {
      lines.addAll(fees(Kind.FLAT_IN_ARREARS, period, coveredFrom, cut));
    }
    coveredFrom = cut;
  }

  private void begin(Instant at, boolean isTrial) {
    segments.add(new Segment(segments.size() + 1, plan, isTrial, at, null));
  }

  private void chargeFrom(Instant at, Instant notBefore) {
    BillingPeriod period = periodAt(plan, at);
    coveredFrom = later(feesBegin(period, at), notBefore);
    List<SubscriptionLine> due = fees(Kind.FLAT_IN_ADVANCE, period, coveredFrom, period.end());
    charged.addAll(due);
    lines.addAll(due);
  }

  private List<SubscriptionLine> fees(Kind kind, BillingPeriod period, Instant from, Instant to) {
    Fraction share = proration.shareOf(period, from, to);
    SubscriptionLine.LineKind as =
        kind == Kind.FLAT_IN_ADVANCE
            ? SubscriptionLine.LineKind.ADVANCE
            : SubscriptionLine.LineKind.ARREARS;
    List<SubscriptionLine> fees = new ArrayList<>();
    for (PlanCharge each : plan.charges()) {
      if (each.kind() == kind) {
        Money amount = each.charge().prorated(share).rate(Usage.none()).amount();
        fees.add(
            new SubscriptionLine(
                as, plan.plan(), plan.version(), each.id(), each.name(), from, to, share, amount));
      }
    }
    return fees;
  }

  /** From what is kept, so that kept and credit add up to what was charged. */
  private SubscriptionLine credit(SubscriptionLine line, BillingPeriod period, Instant cut) {
    Fraction whole = line.share();
    Fraction used = proration.shareOf(period, line.from(), cut);
    // Of a share of 0, as that of a 31st in months of 30 days, all was 0 anyway.
    Fraction kept = whole.signum() == 0 ? Fraction.ONE : used.dividedBy(whole);
    return new SubscriptionLine(
        SubscriptionLine.LineKind.CREDIT,
        line.plan(),
        line.version(),
        line.charge(),
        line.name(),
        cut,
        line.to(),
        whole.minus(used),
        UnusedCredit.of(line.amount(), kept).credit().negated());
  }

  /** When the flat fees of a change begin: with its local day, or at its moment by the second. */
  private Instant feesBegin(BillingPeriod period, Instant at) {
    if (proration == ProrationRule.INSTANT || !at.isBefore(period.end())) {
      return at;
    }
    Instant midnight =
        at.atZone(period.zone()).toLocalDate().atStartOfDay(period.zone()).toInstant();
    return midnight.isBefore(period.start()) ? period.start() : midnight;
  }

  private BillingPeriod periodAt(PlanVersion by, Instant moment) {
    return Subscription.calendar(anchor, zones, billDays, by.interval()).periodAt(moment);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private Subscription as(long number, Instant changed) {
    return new Subscription(
        new Facts(
            id,
            customer,
            currency,
            state,
            plan,
            anchor,
            proration,
            zones,
            billDays,
            trialEnd,
            coveredFrom,
            charged,
            pending,
            segments,
            number,
            changed));
  }
}
