package io.billingsdk.server.dunning;

import io.billingsdk.server.dunning.AttemptRows.Attempt;
import io.billingsdk.server.dunning.ChargeAttempts.AttemptOutcome;
import io.billingsdk.server.dunning.RetryCases.Decline;
import io.billingsdk.server.payments.PaymentWorld;
import io.billingsdk.server.payments.RealInvoices;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Customers with invoices, and a provider that answers by a script. */
final class DunningWorld implements AutoCloseable {
  final PaymentWorld payments;
  final RetryCases cases;
  ScriptedCharges charges;
  private @Nullable RealInvoices invoices;

  DunningWorld(Path directory) {
    payments = new PaymentWorld(directory);
    cases = new RetryCases(payments.database, PaymentWorld.TESTER);
    charges = new ScriptedCharges(payments, (number, attempt) -> new ChargeAttempts.Succeeded());
  }

  void answering(BiFunction<String, Integer, AttemptOutcome> script) {
    charges = new ScriptedCharges(payments, script);
  }

  /** An invoice of a customer whose clock begins on a day. */
  String invoice(String customer, String currency, String amount, String day) {
    Instant begin = LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
    payments.customer(customer, "UTC", currency, begin);
    return invoiceOf(customer, currency, amount, begin);
  }

  /** The same of a customer that there is. */
  String invoiceOf(String customer, String currency, String amount, Instant begin) {
    invoices = new RealInvoices(payments, begin.minusSeconds(60), Map.of(currency, amount));
    return invoices.first(customer, currency.toLowerCase(Locale.ROOT));
  }

  /** Credits a part of an invoice. */
  void credit(String number, String amount) {
    var unused = Objects.requireNonNull(invoices).credit(number, amount);
  }

  void decline(String number, String customer, DeclineKind of) {
    cases.declined(new Decline(number, customer, 1, of, "code"));
  }

  void day(String customer, String day) {
    payments.move(customer, LocalDate.parse(day).atTime(12, 0).toInstant(ZoneOffset.UTC));
    new Retries(payments.database, InstantSource.system(), charges).lookAt(customer);
  }

  List<String> retries(String number) {
    return cases.attempts(number).stream()
        .filter(each -> each.attempt() > 1)
        .map(Attempt::day)
        .map(LocalDate::toString)
        .toList();
  }

  long events(String kind, String customer) {
    return payments.database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM outbox_event WHERE kind = :kind"
                        + " AND payload->>'customerId' = :customer")
                .bind("kind", kind)
                .bind("customer", customer)
                .mapTo(Long.class)
                .one());
  }

  @Override
  public void close() {
    payments.close();
  }
}
