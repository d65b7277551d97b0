package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.BillingInterval.Unit;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.catalog.PlanVersion;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which plan a customer has, from when on, and how far it is charged. It follows from the events of
 * its history alone: the same events make the same subscription.
 *
 * <p>Its segments are in order, without overlap; between two of them is a pause or a cancelled
 * time. Its billing periods begin on the same day whatever plan it has: that of its anchor, or of a
 * later change of the bill day. Immutable.
 */
public final class Subscription {
  private static final LocalDate FIRST_OF_MONTH = LocalDate.of(2000, 1, 1);

  private final Facts facts;

  Subscription(Facts facts) {
    this.facts = facts;
  }

  /**
   * The zone of the customer, from a moment on.
   *
   * @param since when it was made known; a running period still ends by the zone before
   */
  record ZoneSpan(Instant since, ZoneId zone) {}

  /**
   * The day of the month on which billing periods begin, from a moment on.
   *
   * @param since when it was changed
   * @param running what became of the period that ran then
   */
  record BillDaySpan(Instant since, int day, RunningPeriod running) {}

  /**
   * All that it is.
   *
   * @param plan the version that it has, or had last
   * @param anchor a local day on which a billing period begins
   * @param zones in order, at least one
   * @param billDays changes of the day of the anchor, in order
   * @param trialEnd the moment at which the trial ends; null outside a trial
   * @param coveredFrom from then on flat fees of the running segment and period are due
   * @param charged the amounts that were charged in advance for time that is not over
   * @param pending what happens at the end of the period; null for nothing
   * @param revision how many events there were
   * @param changedAt the moment of the last one
   */
  record Facts(
      UUID id,
      String customer,
      String currency,
      SubscriptionState state,
      PlanVersion plan,
      LocalDate anchor,
      ProrationRule proration,
      List<ZoneSpan> zones,
      List<BillDaySpan> billDays,
      @Nullable Instant trialEnd,
      Instant coveredFrom,
      List<SubscriptionLine> charged,
      @Nullable Pending pending,
      List<Segment> segments,
      long revision,
      Instant changedAt) {
    /** Copies the lists. */
    public Facts {
      zones = List.copyOf(zones);
      billDays = List.copyOf(billDays);
      charged = List.copyOf(charged);
      segments = List.copyOf(segments);
    }
  }

  /** Its id. */
  public UUID id() {
    return facts.id();
  }

  /** The id of its customer. */
  public String customer() {
    return facts.customer();
  }

  /** The ISO 4217 code of its prices. */
  public String currency() {
    return facts.currency();
  }

  /** Where it is in its life. */
  public SubscriptionState state() {
    return facts.state();
  }

  /** The version of the plan that it has, or had last. */
  public PlanVersion plan() {
    return facts.plan();
  }

  /** A local day on which a billing period begins; the others follow from it. */
  public LocalDate anchor() {
    return facts.anchor();
  }

  /** The day of the month on which its billing periods begin, 1 to 31. */
  public int billDay() {
    List<BillDaySpan> changes = facts.billDays();
    return changes.isEmpty()
        ? facts.anchor().getDayOfMonth()
        : changes.get(changes.size() - 1).day();
  }

  /** The zone of the customer whose midnights begin its days. */
  public ZoneId zone() {
    return facts.zones().get(facts.zones().size() - 1).zone();
  }

  /** When the zone was made known to it. */
  Instant zoneSince() {
    return facts.zones().get(facts.zones().size() - 1).since();
  }

  /** How a price is divided over its period. */
  public ProrationRule proration() {
    return facts.proration();
  }

  /** The times in which it has or had a version of a plan, in order. */
  public List<Segment> segments() {
    return facts.segments();
  }

  /** How many events there were. */
  public long revision() {
    return facts.revision();
  }

  /** The moment of the last event. */
  public Instant changedAt() {
    return facts.changedAt();
  }

  /** Whether it ends with the running period. */
  public boolean endsWithPeriod() {
    return facts.pending() instanceof Pending.Cancel;
  }

  /** The version of a plan that it has from the next period on, if that is another one. */
  public Optional<PlanVersion> nextPlan() {
    return facts.pending() instanceof Pending.ToPlan next
        ? Optional.of(next.plan())
        : Optional.empty();
  }

  /** When the passing of time does something to it: the end of its trial or period. */
  public Optional<Instant> dueAt() {
    return switch (facts.state()) {
      case TRIALING -> Optional.of(Objects.requireNonNull(facts.trialEnd(), "trialEnd"));
      case ACTIVE, PAST_DUE -> Optional.of(running().end());
      case PAUSED, CANCELLED -> Optional.empty();
    };
  }

  /** The billing period that holds a moment, by the plan of that moment. */
  public BillingPeriod periodAt(Instant moment) {
    return periodAt(moment, planAt(moment));
  }

  /** The billing period that holds a moment, as if it had a plan then. */
  public BillingPeriod periodAt(Instant moment, PlanVersion plan) {
    return calendar(plan.interval()).periodAt(moment);
  }

  /** The calendar month that holds a moment, in the zone that the customer has then. */
  public BillingPeriod monthAt(Instant moment) {
    return calendar(FIRST_OF_MONTH, facts.zones(), List.of(), BillingInterval.MONTH)
        .periodAt(moment);
  }

  /** The version of the plan that it has at a moment; empty in a pause and before and after it. */
  public Optional<Segment> segmentAt(Instant moment) {
    // The last one: of several that begin at one moment, only the last is not empty.
    return facts.segments().stream().filter(each -> each.contains(moment)).reduce((a, b) -> b);
  }

  /** What its customer may use at a moment. */
  public CustomerAccess accessAt(Instant moment) {
    if (moment.isBefore(facts.segments().get(0).from())) {
      return new CustomerAccess.Unmanaged();
    }
    return segmentAt(moment)
        .<CustomerAccess>map(
            segment -> new CustomerAccess.Granted(segment.plan().entitlements(), facts.id()))
        .orElseGet(() -> new CustomerAccess.Barred(isPausedAt(moment) ? "paused" : "cancelled"));
  }

  private boolean isPausedAt(Instant moment) {
    return facts.state() == SubscriptionState.PAUSED && !moment.isBefore(facts.changedAt());
  }

  private PlanVersion planAt(Instant moment) {
    return segmentAt(moment).map(Segment::plan).orElse(facts.plan());
  }

  /** The billing period in which flat fees are due now. */
  BillingPeriod running() {
    return calendar(facts.plan().interval()).periodAt(facts.coveredFrom());
  }

  private BillingCalendar calendar(BillingInterval interval) {
    return calendar(facts.anchor(), facts.zones(), facts.billDays(), interval);
  }

  /** The periods of this length. */
  static BillingCalendar calendar(
      LocalDate anchor,
      List<ZoneSpan> zones,
      List<BillDaySpan> billDays,
      BillingInterval interval) {
    BillingCalendar calendar = BillingCalendar.anchored(anchor, interval, zones.get(0).zone());
    // Weeks have no day of the month.
    List<BillDaySpan> days = interval.unit() == Unit.WEEK ? List.of() : billDays;
    int next = 0;
    for (ZoneSpan span : zones.subList(1, zones.size())) {
      while (next < days.size() && days.get(next).since().isBefore(span.since())) {
        calendar = onDay(calendar, days.get(next++));
      }
      calendar = calendar.withZone(span.since(), span.zone());
    }
    for (BillDaySpan each : days.subList(next, days.size())) {
      calendar = onDay(calendar, each);
    }
    return calendar;
  }

  private static BillingCalendar onDay(BillingCalendar calendar, BillDaySpan change) {
    return calendar.withBillDay(change.since(), change.day(), change.running());
  }

  Facts facts() {
    return facts;
  }

  @Override
  public String toString() {
    return "Subscription[id="
        + facts.id()
        + ", customer="
        + facts.customer()
        + ", state="
        + facts.state().text()
        + ", plan="
        + facts.plan().plan()
        + ", revision="
        + facts.revision()
        + "]";
  }
}
