package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Commitment;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.RatedLine;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.SubscriptionLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Rates the usage of a span by the plans of its segments. A pure function of its inputs. */
final class SpanRating {
  private final Subscription subscription;
  private final UsageSource source;
  private final List<SubscriptionEvent> events;

  /**
   * Of a subscription.
   *
   * @param events its history; a commitment counts their fees
   */
  SpanRating(Subscription subscription, UsageSource source, List<SubscriptionEvent> events) {
    this.subscription = subscription;
    this.source = source;
    this.events = events;
  }

  /** The rated charges of a span, in the order of its parts and of their plans. */
  List<RatedUsage> rate(Span span, PeriodPart progress) {
    List<RatedUsage> rated = new ArrayList<>();
    List<UsagePart> parts = UsagePart.of(subscription, span.from(), span.to());
    for (UsagePart part : parts) {
      for (PlanCharge charge : part.plan().charges()) {
        if (charge.kind() == PlanCharge.Kind.METERED) {
          rated.add(rated(span, part, charge, progress));
        }
      }
    }
    if (progress == PeriodPart.COMPLETE) {
      rated.addAll(commitments(span, parts, rated));
    }
    return rated;
  }

  private RatedUsage rated(Span span, UsagePart part, PlanCharge charge, PeriodPart progress) {
    Usage usage = source.usage(charge, part.from(), part.to());
    RatedLine line = charge.charge().prorated(part.share()).rate(usage, progress);
    Supplier<ObjectNode> details =
        () -> DetailJson.usage(usage, source.evidence(charge, part.from(), part.to()), line);
    return new RatedUsage(
        LineKey.usage(span.ofUsage(), part, charge.id()),
        part,
        charge.id(),
        charge.name(),
        details,
        line.amount());
  }

  /** Of each plan with a commitment: once a period, over all parts of it in the span. */
  private List<RatedUsage> commitments(Span span, List<UsagePart> parts, List<RatedUsage> rated) {
    record Committed(PlanVersion plan, Instant period) {}
    Map<Committed, List<UsagePart>> periods = new LinkedHashMap<>();
    for (UsagePart part : parts) {
      if (part.plan().commitment() != null) {
        periods
            .computeIfAbsent(
                new Committed(part.plan(), part.period().start()), none -> new ArrayList<>())
            .add(part);
      }
    }
    return periods.values().stream().map(each -> trueUp(span, each, rated)).toList();
  }

  private RatedUsage trueUp(Span span, List<UsagePart> parts, List<RatedUsage> rated) {
    UsagePart first = parts.get(0);
    Money charged = fees(span, first);
    Fraction share = Fraction.ZERO;
    for (UsagePart part : parts) {
      share = share.plus(part.share());
      for (RatedUsage each : rated) {
        charged = each.part().equals(part) ? charged.plus(each.amount()) : charged;
      }
    }
    Money sum = charged;
    Commitment commitment = Objects.requireNonNull(first.plan().commitment());
    Commitment.TrueUp trueUp = commitment.trueUp(share.min(Fraction.ONE), charged);
    return new RatedUsage(
        LineKey.commitment(span.ofUsage(), first),
        first,
        "",
        "Commitment",
        () -> DetailJson.commitment(commitment.amount(), trueUp.prorated(), sum),
        trueUp.missing());
  }

  /**
   * The fees of the period that the span is for: the event before it brought those in advance. Fees
   * of another span of the same period count there, so that each counts once.
   */
  private Money fees(Span span, UsagePart part) {
    Money sum = Money.zero(part.plan().currency());
    for (SubscriptionEvent event : events) {
      if (event.number() >= span.afterEvent() && event.number() <= span.lastEvent()) {
        for (SubscriptionLine line : event.lines()) {
          boolean isOf = isOf(part, line) && !isOfPeriodBefore(span, event, line);
          sum = isOf || isCutOff(span, part, event, line) ? sum.plus(line.amount()) : sum;
        }
      }
    }
    return sum;
  }

  /** An earlier bill day ends a period whose fee is paid: the end credits the rest of it. */
  private static boolean isCutOff(
      Span span, UsagePart part, SubscriptionEvent event, SubscriptionLine line) {
    return event.number() == span.lastEvent()
        && line.kind() == SubscriptionLine.LineKind.CREDIT
        && isOfPlan(part, line)
        && line.from().equals(part.period().end());
  }

  private static boolean isOfPeriodBefore(
      Span span, SubscriptionEvent event, SubscriptionLine line) {
    return event.number() == span.afterEvent()
        && line.kind() == SubscriptionLine.LineKind.CREDIT
        && line.from().equals(event.at());
  }

  private static boolean isOf(UsagePart part, SubscriptionLine line) {
    return isOfPlan(part, line) && part.period().contains(line.from());
  }

  private static boolean isOfPlan(UsagePart part, SubscriptionLine line) {
    return line.plan().equals(part.plan().plan()) && line.version() == part.plan().version();
  }
}
