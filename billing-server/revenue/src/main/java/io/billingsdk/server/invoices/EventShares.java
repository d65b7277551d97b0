package io.billingsdk.server.invoices;

import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.BilledUsage.EventShare;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.subscriptions.Subscription;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The lines that an event is behind, and by how much each would be less without it. */
final class EventShares {
  private final Handle handle;
  private final Subscription subscription;
  private final UsageSource source;
  private final Meters meters;

  /**
   * Of a subscription.
   *
   * @param source of its usage up to the cut by which it was billed last
   */
  EventShares(Handle handle, Database here, Subscription subscription, UsageSource source) {
    this.handle = handle;
    this.subscription = subscription;
    this.source = source;
    this.meters = new Meters(here, new Actor("invoices"));
  }

  /** Of an event whose time is in a billed span. */
  List<EventShare> of(Span span, AppendedEvent event) {
    List<EventShare> shares = new ArrayList<>();
    for (UsagePart part : UsagePart.of(subscription, span.from(), span.to())) {
      boolean holds =
          !event.occurredAt().isBefore(part.from()) && event.occurredAt().isBefore(part.to());
      for (PlanCharge charge : holds ? part.plan().charges() : List.<PlanCharge>of()) {
        share(span, part, charge, event).ifPresent(shares::add);
      }
    }
    return shares;
  }

  private Optional<EventShare> share(
      Span span, UsagePart part, PlanCharge charge, AppendedEvent event) {
    Map<String, BigDecimal> values = new LinkedHashMap<>();
    @Nullable Meter summed = null;
    for (String slug : charge.meters()) {
      Meter meter = meters.require(slug);
      if (meter.matches(event)) {
        values.put(slug, meter.valueOf(event));
        boolean adds =
            meter.aggregation() == Aggregation.SUM || meter.aggregation() == Aggregation.COUNT;
        summed = adds && charge.form() == PlanCharge.UsageForm.TOTAL ? meter : null;
      }
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    Usage usage = source.usage(charge, part.from(), part.to());
    Charge prorated = charge.charge().prorated(part.share());
    Money amount = prorated.rate(usage, PeriodPart.COMPLETE).amount();
    @Nullable Money without =
        summed == null
            ? null
            : without(usage, charge, event, summed.valueOf(event))
                .map(rest -> prorated.rate(rest, PeriodPart.COMPLETE).amount())
                .orElse(null);
    LineKey key = LineKey.usage(span.ofUsage(), part, charge.id());
    return Optional.of(
        new EventShare(
            key.text(),
            charge.id(),
            charge.name(),
            values,
            amount,
            without,
            BilledRows.lines(handle, subscription.id(), key.text())));
  }

  /** The same usage without the event; empty where nobody can say. */
  private static Optional<Usage> without(
      Usage usage, PlanCharge charge, AppendedEvent event, BigDecimal value) {
    if (usage instanceof Usage.Total total) {
      return less(total, value).map(each -> each);
    }
    @Nullable String of = dimension(String.valueOf(charge.charge().dimension()), event);
    if (of != null
        && usage instanceof Usage.ByValue all
        && all.byValue().get(of) instanceof Usage.Total total) {
      Map<String, Usage> rest = new LinkedHashMap<>(all.byValue());
      return less(total, value)
          .map(
              each -> {
                rest.put(of, each);
                return new Usage.ByValue(rest);
              });
    }
    return Optional.empty();
  }

  private static Optional<Usage> less(Usage.Total total, BigDecimal value) {
    BigDecimal rest = total.quantity().value().subtract(value);
    return rest.signum() < 0 ? Optional.empty() : Optional.of(Usage.of(Quantity.of(rest)));
  }

  private static @Nullable String dimension(String name, AppendedEvent event) {
    return switch (name) {
      case "model" -> event.model();
      case "module" -> event.module();
      case "appId" -> String.valueOf(event.app());
      case "keyId" -> String.valueOf(event.keyId());
      // Of the metadata, which only the database reads exactly as it groups them.
      default -> null;
    };
  }
}
