package io.billingsdk.server.costs;

import io.billingsdk.costs.BillLine;
import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Our costs in the form of a provider's bill: by day, model and currency. */
final class BillRows {
  // The sums of a day in a scan of its own: days are those of a zone.
  private static final String SUMS =
      """
      SELECT d.day, c.service, c.model, c.provider, c.price_id, c.catalogue, c.currency,
        c.amount, c.unknown
      FROM unnest(?::bigint[], ?::timestamptz[], ?::timestamptz[]) AS d (day, first, beyond)
      CROSS JOIN LATERAL (
        SELECT service, model, provider, price_id, catalogue, currency, sum(amount) AS amount,
          count(*) FILTER (WHERE state = 'unknown') AS unknown
        FROM cost WHERE at >= d.first AND at < d.beyond
        GROUP BY service, model, provider, price_id, catalogue, currency
      ) AS c
      """;

  private final Handle handle;
  private final Catalogues catalogues;
  private final List<BillLine> lines = new ArrayList<>();
  private long unknown;

  BillRows(Handle handle, Catalogues catalogues) {
    this.handle = handle;
    this.catalogues = catalogues;
  }

  /**
   * Whose costs are compared.
   *
   * @param provider null for all
   * @param named the models and services that the bill names
   */
  record Billed(@Nullable String provider, Set<String> named) {}

  private record Sum(
      LocalDate day,
      String service,
      String model,
      @Nullable String provider,
      @Nullable String priceId,
      String catalogue,
      @Nullable String currency,
      @Nullable BigDecimal amount,
      long unknown) {}

  /** Our lines. */
  List<BillLine> lines() {
    return lines;
  }

  /** Costs without a known amount: they are in no line. */
  long unknown() {
    return unknown;
  }

  /** Reads those of some days. */
  void read(LocalDays zone, List<LocalDate> days, Billed billed) {
    List<Range> ranges = days.stream().map(zone::day).toList();
    handle
        .createQuery(SUMS)
        .bind(0, SqlArrays.numbers(days.stream().map(LocalDate::toEpochDay).toList()))
        .bind(1, SqlArrays.times(ranges.stream().map(Range::from).toList()))
        .bind(2, SqlArrays.times(ranges.stream().map(Range::to).toList()))
        .map(ResultRow.to(BillRows::sum))
        .stream()
        .filter(isOf(billed))
        .forEach(each -> add(each, billed));
  }

  private static Sum sum(ResultRow row) {
    return new Sum(
        LocalDate.ofEpochDay(row.number("day")),
        row.text("service"),
        row.text("model"),
        row.textOrNull("provider"),
        row.textOrNull("price_id"),
        row.text("catalogue"),
        row.textOrNull("currency"),
        row.isNull("amount") ? null : row.decimal("amount"),
        row.number("unknown"));
  }

  /** The provider of the event, otherwise that of the price; without either, a name of the bill. */
  private Predicate<Sum> isOf(Billed billed) {
    String provider = billed.provider();
    return sum ->
        provider == null
            || provider(sum)
                .map(provider::equalsIgnoreCase)
                .orElseGet(() -> billed.named().contains(name(sum, billed)));
  }

  private Optional<String> provider(Sum sum) {
    if (sum.provider() != null || sum.priceId() == null) {
      return Optional.ofNullable(sum.provider());
    }
    return catalogues
        .require(handle, sum.catalogue())
        .row(sum.priceId())
        .map(row -> row.key().provider());
  }

  private void add(Sum sum, Billed billed) {
    unknown += sum.unknown();
    BigDecimal amount = sum.amount();
    String currency = sum.currency();
    if (amount != null && currency != null) {
      lines.add(new BillLine(sum.day(), name(sum, billed), currency, amount));
    }
  }

  /** A bill names the model, or the service where it has one model. */
  private static String name(Sum sum, Billed billed) {
    boolean isByService =
        !billed.named().contains(sum.model()) && billed.named().contains(sum.service());
    return isByService ? sum.service() : sum.model();
  }
}
