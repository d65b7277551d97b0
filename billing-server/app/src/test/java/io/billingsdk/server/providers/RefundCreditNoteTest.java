package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.payments.RealInvoices;
import io.billingsdk.server.providers.ChargeResult.Succeeded;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.server.providers.RefundRows.StoredRefund;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refund with its credit note: the money goes back, and the invoice stays paid. */
@Tag("postgres")
class RefundCreditNoteTest {
  private static final Instant BEGIN = Instant.parse("2026-12-01T00:00:00Z");
  private static final PartOfLine FORTY = new PartOfLine(1, new BigDecimal("40"));

  @TempDir Path directory;

  private ProviderWorld world;
  private RealInvoices invoices;
  private String number;
  private String payment;

  @BeforeEach
  void pay() {
    world = new ProviderWorld(directory);
    invoices = new RealInvoices(world.database, BEGIN, Map.of("USD", "100"));
    world.customer("c", "pm_ok", BEGIN);
    number = invoices.first("c", "usd");
    assertThat(world.parts().charges().charge(number, 1)).isInstanceOf(Succeeded.class);
    payment = String.valueOf(world.charge(number, 1).paymentId());
  }

  @AfterEach
  void stop() {
    assertThat(world.cents("true")).as("all accounts together").isZero();
    world.close();
  }

  @Test
  void refund_withLines_creditsThem_andTheInvoiceStaysPaid() {
    StoredRefund refund = refund("40", new RefundCredit(number, List.of(FORTY)));

    assertThat(refund.state()).isEqualTo(RefundState.SUCCEEDED);
    invoices.deliver();
    assertThat(world.open(number).signum()).isZero();
    assertThat(world.cents("account = 'credit'")).as("nothing is kept").isZero();
    assertThat(total(String.valueOf(refund.creditNote()))).isEqualTo("40.00");
  }

  @Test
  void refund_ofAll_creditsWhatIsLeftOfTheInvoice() {
    StoredRefund unused = refund("40", new RefundCredit(number, List.of(FORTY)));

    StoredRefund rest = refund("60", new RefundCredit(number, List.of()));

    invoices.deliver();
    assertThat(world.open(number).signum()).isZero();
    assertThat(total(String.valueOf(rest.creditNote()))).isEqualTo("60.00");
  }

  @Test
  void refund_ofAnotherAmountThanItsLines_isRefused_andNothingIsHalfDone() {
    long documents = world.count("invoice");

    assertThatThrownBy(() -> refund("41", new RefundCredit(number, List.of(FORTY))))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("40.00 USD, which these lines come to with their taxes");
    assertThatThrownBy(() -> refund("101", new RefundCredit(number, List.of())))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("at most 100.00 USD");

    assertThat(world.count("invoice")).isEqualTo(documents);
    assertThat(world.count("charge_refund")).isZero();
  }

  @Test
  void refund_withTheInvoiceOfAnotherCustomer_isRefused() {
    world.customer("other", "pm_ok", BEGIN);
    String foreign = invoices.first("other", "usd");

    assertThatThrownBy(() -> refund("100", new RefundCredit(foreign, List.of())))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("the customer c has no invoice " + foreign);
  }

  @Test
  void request_withACreditNote_answersItsNumber() throws Exception {
    String body =
        """
        {"paymentId": "%s", "currency": "USD", "amount": 40, "reason": "late start",
         "creditNote": {"number": "%s", "lines": [{"line": 1, "amount": 40}]}}
        """
            .formatted(payment, number);

    Reply made =
        world.http.send("POST", "/api/v1/refunds", world.http.token(Scope.REFUND, null), body);

    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(total(made.json().path("creditNote").asText())).isEqualTo("40.00");
  }

  private StoredRefund refund(String amount, RefundCredit credit) {
    Money money = ProviderWorld.usd(amount);
    ProviderRefunds refunds = world.parts().refunds();
    StoredRefund stored =
        world.database.inTransaction(
            handle ->
                refunds.prepare(
                    handle,
                    payment,
                    money,
                    "late start",
                    ProviderWorld.TESTER,
                    Optional.of(credit)));
    return refunds.send(stored);
  }

  private String total(String note) {
    Reply document = world.http.get("/api/v1/invoices/" + note);
    JsonNode json = document.json();
    return json.path("total").asText();
  }
}
