package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What a closing span brings, without what is too little for an invoice. */
final class Closing {
  /** Of currencies with cents and of those without minor units; with mils it is 500. */
  private static final BigInteger LEAST = BigInteger.valueOf(50);

  private Closing() {}

  /** The least net amount of a closing invoice: 0.50 EUR, 50 JPY, 0.500 KWD. */
  static Money threshold(String currency) {
    int decimals = Money.zero(currency).amount().scale();
    BigInteger units = decimals > 2 ? LEAST.multiply(BigInteger.TEN.pow(decimals - 2)) : LEAST;
    return Money.ofMinorUnits(currency, units);
  }

  /** The bill that is issued; the rest is noted with the span, and in the audit log. */
  static Bill of(Handle handle, Span span, Bill bill, Actor actor) {
    if (bill.invoice().isEmpty()) {
      return bill;
    }
    Money net =
        bill.invoices().stream().map(each -> each.sums().net()).reduce(Money::plus).orElseThrow();
    if (net.compareTo(threshold(net.currency())) >= 0) {
      return bill;
    }
    ClosingRows.waive(handle, span, net);
    AuditLog.write(
        handle,
        actor,
        "invoice.waive",
        span.subscription().toString(),
        null,
        Map.of("net", net.toString(), "least", threshold(net.currency()).toString()));
    return new Bill(
        Optional.empty(), Optional.empty(), bill.creditNotes(), bill.used(), bill.uninvoiced());
  }
}
