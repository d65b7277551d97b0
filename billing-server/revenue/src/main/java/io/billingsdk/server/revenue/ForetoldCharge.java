package io.billingsdk.server.revenue;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.revenue.ForecastDays.Target;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A charge of a subscription in months, as they were and as they are foretold. */
interface ForetoldCharge {
  /** Its price of the whole month. */
  Money actual(Target target);

  /** Its price as it is foretold on a day of the month. */
  Money forecast(Target target);

  /** Its price of the usage before that day. */
  Money soFar(Target target);

  /** The first day with usage; empty if there is none, and for a fee. */
  Optional<LocalDate> firstUsed();

  /** A fixed fee, which is known. */
  record Fee(Money amount) implements ForetoldCharge {
    @Override
    public Money actual(Target target) {
      return amount;
    }

    @Override
    public Money forecast(Target target) {
      return amount;
    }

    @Override
    public Money soFar(Target target) {
      return amount;
    }

    @Override
    public Optional<LocalDate> firstUsed() {
      return Optional.empty();
    }
  }

  /** Usage that adds up over days: foretold day by day, and then priced through the tiers. */
  record Summed(PlanCharge charge, DailyUsage days) implements ForetoldCharge {
    @Override
    public Money actual(Target target) {
      return price(days.of(target.first(), target.end(), target.end()));
    }

    @Override
    public Money forecast(Target target) {
      return price(days.of(target.first(), target.end(), target.known()));
    }

    @Override
    public Money soFar(Target target) {
      return price(days.of(target.first(), target.known(), target.known()));
    }

    @Override
    public Optional<LocalDate> firstUsed() {
      return Optional.ofNullable(days.firstUsed());
    }

    private Money price(Map<String, BigDecimal> values) {
      Usage usage = DailyUsage.usage(values, charge.charge().dimension());
      return charge.charge().rate(usage).amount();
    }
  }

  /** Usage that does not add up, such as a highest value: as in the month before. */
  record AsBefore(Map<YearMonth, Money> months, Money none) implements ForetoldCharge {
    @Override
    public Money actual(Target target) {
      return of(target.month());
    }

    @Override
    public Money forecast(Target target) {
      return of(target.month().minusMonths(1)).max(soFar(target));
    }

    @Override
    public Money soFar(Target target) {
      // Of a month that is over, nobody knows how far it was on that day.
      boolean isRunning = months.keySet().stream().noneMatch(target.month()::isBefore);
      return isRunning ? of(target.month()) : none;
    }

    @Override
    public Optional<LocalDate> firstUsed() {
      return Optional.empty();
    }

    private Money of(YearMonth month) {
      @Nullable Money found = months.get(month);
      return found == null ? none : found;
    }
  }
}
