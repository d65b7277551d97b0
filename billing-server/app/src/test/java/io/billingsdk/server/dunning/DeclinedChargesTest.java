package io.billingsdk.server.dunning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.Money;
import io.billingsdk.server.dunning.AttemptRows.Attempt;
import io.billingsdk.server.dunning.ChargeAttempts.AttemptOutcome;
import io.billingsdk.server.dunning.ChargeAttempts.Declined;
import io.billingsdk.server.dunning.ChargeAttempts.Pending;
import io.billingsdk.server.dunning.ChargeAttempts.Succeeded;
import io.billingsdk.server.dunning.RetryCase.CaseState;
import io.billingsdk.server.dunning.RetryCases.Decline;
import io.billingsdk.server.payments.BookedInvoice;
import io.billingsdk.server.payments.PaymentWorld;
import io.billingsdk.server.payments.RealInvoices;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Declined charges are tried again by rule, or never, or when a person says so. */
@Tag("postgres")
class DeclinedChargesTest {
  private static final AttemptOutcome NO = new Declined(DeclineClass.TEMPORARY, "try_again");

  @TempDir Path directory;

  private PaymentWorld world;
  private RetryCases cases;
  private ScriptedCharges charges;

  @BeforeEach
  void start() {
    world = new PaymentWorld(directory);
    cases = new RetryCases(world.database, PaymentWorld.TESTER);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void answering(BiFunction<String, Integer, AttemptOutcome> script) {
    charges = new ScriptedCharges(world, script);
  }

  private String invoice(String customer, String currency, String amount, String day) {
    Instant begin = LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
    world.customer(customer, "UTC", currency, begin);
    RealInvoices invoices =
        new RealInvoices(world, begin.minusSeconds(60), Map.of(currency, amount));
    return invoices.first(customer, currency.toLowerCase(java.util.Locale.ROOT));
  }

  private void decline(String number, String customer, DeclineClass of) {
    cases.declined(new Decline(number, customer, 1, of, "code"));
  }

  private void day(String customer, String day) {
    world.move(customer, LocalDate.parse(day).atTime(12, 0).toInstant(ZoneOffset.UTC));
    new Retries(world.database, InstantSource.system(), charges).lookAt(customer);
  }

  private List<String> retries(String number) {
    return cases.attempts(number).stream()
        .filter(each -> each.attempt() > 1)
        .map(Attempt::day)
        .map(LocalDate::toString)
        .toList();
  }

  private long events(String kind, String customer) {
    return world.database.read(
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

  /** The case dun-01: 8, 8, 8 days counted from the attempt before. */
  @Test
  void retries_countedFromThePreviousOne_thenNoFurtherTry() {
    answering((number, attempt) -> NO);
    new RetryRules(world.database, PaymentWorld.TESTER)
        .set(DeclineClass.TEMPORARY, new RetryRule(List.of(8, 8, 8), true, 0));
    String number = invoice("c", "USD", "100", "2012-05-31");
    decline(number, "c", DeclineClass.TEMPORARY);
    LocalDate.of(2012, 6, 1)
        .datesUntil(LocalDate.of(2012, 7, 20))
        .forEach(each -> day("c", each.toString()));
    assertThat(retries(number)).containsExactly("2012-06-08", "2012-06-16", "2012-06-24");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.EXHAUSTED);
  }

  /** The case dun-03; a customer has one currency here, so they are two. */
  @Test
  void thresholds_ofEachCurrency_holdRetriesBack_untilEnoughIsOwed() {
    answering((number, attempt) -> NO);
    RetryRules rules = new RetryRules(world.database, PaymentWorld.TESTER);
    // Two days lie between the two attempts.
    rules.set(DeclineClass.TEMPORARY, new RetryRule(List.of(2, 3), true, 0));
    var euros = rules.setThreshold(Money.of("EUR", "150.00"));
    var dollars = rules.setThreshold(Money.of("USD", "100.00"));
    assertThat(rules.thresholds().values()).containsExactly(euros, dollars);
    String eur = invoice("e", "EUR", "149", "2025-01-01");
    String usd = invoice("u", "USD", "120", "2025-01-01");
    decline(eur, "e", DeclineClass.TEMPORARY);
    decline(usd, "u", DeclineClass.TEMPORARY);
    int[][] expected = {{1, 0}, {1, 0}, {2, 1}, {2, 2}, {2, 2}};
    List<String> runs =
        List.of("2025-01-03", "2025-01-05", "2025-01-06", "2025-01-09", "2025-01-12");
    for (int i = 0; i < runs.size(); i++) {
      day("e", runs.get(i));
      day("u", runs.get(i));
      assertThat(new int[] {retries(usd).size(), retries(eur).size()})
          .as(runs.get(i))
          .isEqualTo(expected[i]);
      if (runs.get(i).equals("2025-01-05")) {
        BookedInvoice.invoice(world.database, "e", "more-000001", "10.00", "EUR");
      }
    }
    assertThat(events(RetryCases.FINISHED, "u")).isOne();
    assertThat(events(RetryCases.FINISHED, "e")).isOne();
  }

  @Test
  void hardDecline_isNeverTriedAgain_alsoByAPerson_untilAnotherMethodIsSaved() {
    answering((number, attempt) -> new Succeeded());
    String number = invoice("c", "JPY", "5000", "2026-12-01");
    decline(number, "c", DeclineClass.HARD);
    for (int i = 2; i < 28; i++) {
      day("c", "2026-12-%02d".formatted(i));
    }
    assertThat(charges.calls).isEmpty();
    assertThatThrownBy(() -> cases.retryNow(number, "please")).hasMessageContaining("save another");
    cases.methodSaved("c");
    day("c", "2026-12-28");
    assertThat(charges.calls).containsExactly(number + "/2");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.RECOVERED);
    assertThat(world.open("c")).isEmpty();
  }

  @Test
  void stop_byAPerson_lasts_andIsInTheAuditLogWithItsReason() {
    answering((number, attempt) -> NO);
    String number = invoice("c", "KWD", "12.345", "2026-12-01");
    decline(number, "c", DeclineClass.FUNDS);
    assertThat(cases.require(number).nextOn()).isEqualTo("2026-12-02");
    RetryCase stopped = cases.stop(number, "pays by transfer");
    assertThat(stopped.state()).isEqualTo(CaseState.STOPPED);
    cases.methodSaved("c");
    cases.declined(new Decline(number, "c", 2, DeclineClass.FUNDS, "code"));
    for (int i = 2; i < 28; i++) {
      day("c", "2026-12-%02d".formatted(i));
    }
    assertThat(charges.calls).isEmpty();
    assertThat(cases.require(number).state()).isEqualTo(CaseState.STOPPED);
    assertThatThrownBy(() -> cases.retryNow(number, "no")).hasMessageContaining("stopped");
    assertThat(audited("dunning.stop")).contains("pays by transfer");
  }

  private String audited(String action) {
    return world.database.read(
        handle ->
            handle
                .createQuery("SELECT after::text FROM audit_log WHERE action = :action")
                .bind("action", action)
                .mapTo(String.class)
                .one());
  }

  @Test
  void pending_waitsForItsEvent_andTheSameDeclineTwice_countsOnce() {
    answering((number, attempt) -> new Pending("processing"));
    String number = invoice("c", "USD", "100", "2026-12-01");
    decline(number, "c", DeclineClass.FUNDS);
    decline(number, "c", DeclineClass.FUNDS);
    assertThat(events(RetryCases.FAILED, "c")).isOne();
    day("c", "2026-12-02");
    day("c", "2026-12-05");
    assertThat(charges.calls).containsExactly(number + "/2");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.PENDING);
    cases.declined(new Decline(number, "c", 2, DeclineClass.FUNDS, "returned"));
    cases.declined(new Decline(number, "c", 2, DeclineClass.FUNDS, "returned"));
    assertThat(cases.require(number).nextOn()).isEqualTo("2026-12-05");
    assertThat(events(RetryCases.FAILED, "c")).isEqualTo(2);
  }

  @Test
  void attempt_whoseServerDied_isMadeAgainUnderItsNumber() {
    String number = invoice("c", "USD", "100", "2026-12-01");
    decline(number, "c", DeclineClass.FUNDS);
    answering(
        (invoice, attempt) -> {
          if (charges.calls.size() == 1) {
            throw new IllegalStateException("killed");
          }
          return new Succeeded();
        });
    day("c", "2026-12-02");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.CHARGING);
    day("c", "2026-12-03");
    assertThat(charges.calls).containsExactly(number + "/2", number + "/2");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.RECOVERED);
  }
}
