package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.subscriptions.Subscription;
import java.math.BigDecimal;
import java.util.Map;

/** How much of a quota a row of the ledger is. Immutable. */
sealed interface QuotaMeasure {
  /** The name by which services count the same, who know no catalog. */
  String countedAs();

  /** One that a row says by itself, whatever was before it. */
  sealed interface OfOneRow extends QuotaMeasure {
    /** Of a correction the difference, which may be negative. */
    BigDecimal value(AppendedEvent row);
  }

  /**
   * By the fields of an event: {@value QuotaMeters#CALLS} is one for each event, {@value
   * QuotaMeters#USAGE} its usage, and every other name the quantity of that name.
   */
  record ByField(String countedAs) implements OfOneRow {
    @Override
    public BigDecimal value(AppendedEvent row) {
      return switch (countedAs) {
        case QuotaMeters.CALLS ->
            row.kind() == AppendKind.CORRECTION ? BigDecimal.ZERO : BigDecimal.ONE;
        case QuotaMeters.USAGE -> row.usage();
        default -> row.details().quantities().getOrDefault(countedAs, BigDecimal.ZERO);
      };
    }
  }

  /** By a meter of the catalog, with its filter. */
  record ByMeter(Meter meter) implements OfOneRow {
    @Override
    public String countedAs() {
      return meter.countedAs();
    }

    @Override
    public BigDecimal value(AppendedEvent row) {
      return isAdditive(meter) && meter.matches(row) ? meter.valueOf(row) : BigDecimal.ZERO;
    }
  }

  /**
   * By price: what the charges of the plan, which a customer had at the moment of an event, make of
   * it.
   *
   * @param meters of the charges, by slug
   */
  record BySpending(Subscription subscription, Map<String, Meter> meters) implements QuotaMeasure {
    /** Copies the map. */
    public BySpending {
      meters = Map.copyOf(meters);
    }

    @Override
    public String countedAs() {
      return QuotaMeters.AMOUNT;
    }
  }

  /** Whether what it shows of a period is the sum of what it shows of single events. */
  static boolean isAdditive(Meter meter) {
    return meter.aggregation() == Aggregation.SUM || meter.aggregation() == Aggregation.COUNT;
  }
}
