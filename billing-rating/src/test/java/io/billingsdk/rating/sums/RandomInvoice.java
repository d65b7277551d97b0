package io.billingsdk.rating.sums;

import io.billingsdk.rating.Allowance;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.CreditableInvoice;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.Usage;
import io.billingsdk.rating.sums.Oracle.Off;
import io.billingsdk.rating.sums.Oracle.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A random invoice, as the library and as the oracle take it. */
final class RandomInvoice {
  private static final List<String> PERCENTS = List.of("19", "7", "8.875", "0", "23.33", "20.5");

  /** With 0, 2 and 3 decimals. */
  private static final List<String> CURRENCIES = List.of("JPY", "USD", "EUR", "KWD");

  private static final int[] DECIMALS = {0, 2, 2, 3};

  final String currency;
  final int decimals;
  final List<Row> rows = new ArrayList<>();
  final List<Off> offs = new ArrayList<>();
  final long balance;
  private final List<BigDecimal> prices = new ArrayList<>();

  RandomInvoice(Random random) {
    int place = random.nextInt(CURRENCIES.size());
    currency = CURRENCIES.get(place);
    decimals = DECIMALS[place];
    for (int i = random.nextInt(12); i >= 0; i--) {
      // Up to four digits below the minor unit, and often half of one.
      int finer = random.nextInt(5);
      BigDecimal price =
          random.nextInt(4) == 0
              ? new BigDecimal(random.nextInt(2_000)).add(new BigDecimal("0.5"))
              : new BigDecimal(random.nextInt(400_000)).movePointLeft(finer);
      prices.add(price.movePointLeft(decimals));
      boolean isCharge = random.nextInt(7) == 0;
      rows.add(
          new Row(
              Exact.of(price),
              random.nextInt(3) == 0 ? new BigDecimal(random.nextInt(101)) : BigDecimal.ZERO,
              PERCENTS.get(random.nextInt(PERCENTS.size())),
              isCharge,
              !isCharge && random.nextInt(6) == 0));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      int percent = random.nextInt(100);
      offs.add(random.nextBoolean() ? new Off(percent, 0) : new Off(0, random.nextInt(90_000)));
    }
    balance = random.nextInt(3) == 0 ? 0 : random.nextInt(300_000);
  }

  List<InvoiceLine> lines() {
    List<InvoiceLine> lines = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      Money priced =
          Charge.builder(currency)
              .model(PriceModel.flat(prices.get(i)))
              .discount(new Discount.Percent(row.off()))
              .build()
              .rate(Usage.none())
              .amount();
      Money net = row.isCredit() ? priced.negated() : priced;
      TaxRate rate = TaxRate.of("S", row.percent());
      lines.add(row.isCharge() ? InvoiceLine.documentCharge(net, rate) : InvoiceLine.of(net, rate));
    }
    return lines;
  }

  List<Allowance> allowances(List<InvoiceLine> lines) {
    return Allowance.of(
        lines,
        offs.stream()
            .map(
                off ->
                    off.percent() == 0
                        ? Discount.amount(money(BigInteger.valueOf(off.units())))
                        : Discount.percent(Integer.toString(off.percent())))
            .toList());
  }

  InvoiceTotals totals(List<InvoiceLine> lines) {
    return InvoiceTotals.of(
        lines, allowances(lines), Optional.of(money(BigInteger.valueOf(balance))));
  }

  CreditableInvoice creditable() {
    List<InvoiceLine> lines = lines();
    return CreditableInvoice.of(lines, totals(lines));
  }

  Money money(BigInteger units) {
    return Money.of(currency, new BigDecimal(units, decimals));
  }
}
