package io.billingsdk.server.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.documents.NoticeReader;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.documents.pdf.PaperTemplate;
import io.billingsdk.documents.pdf.PdfPrinter;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.payments.BookedInvoice;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reminders and receipts as documents, over a whole server. */
@Tag("postgres")
class NoticeDocumentsTest {
  private static final Path CHINESE =
      Path.of("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf");
  private static final String PAYMENT =
      "{\"customerId\":\"%s\",\"currency\":\"USD\",\"amount\":\"%s\",\"receivedOn\":\"2027-01-10\""
          + "%s}";

  @TempDir private Path folder;

  private DocumentWorld world;

  @BeforeEach
  void start() {
    world = new DocumentWorld(folder);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  /** As dunning says it. */
  private void remind(String customer, String number, String step) throws Exception {
    String kind = step.equals("past_due") ? "invoice.past_due" : "invoice.reminder";
    new NoticeNoter(world.database())
        .receive(
            DocumentWorld.event(
                kind,
                Map.of(
                    "number", number,
                    "customerId", customer,
                    "currency", "USD",
                    "open", "29.00",
                    "dueOn", "2027-01-14",
                    "reference", "RF18539007547034",
                    "step", step)));
  }

  /** Records a payment and says so as the books do; its id. */
  private String pay(String customer, String amount, String more) throws Exception {
    Reply made =
        world.http().send("POST", "/api/v1/payments", PAYMENT.formatted(customer, amount, more));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    String id = made.json().path("paymentId").asText();
    new NoticeNoter(world.database())
        .receive(
            DocumentWorld.event(
                "payment.received", Map.of("paymentId", id, "customerId", customer)));
    return id;
  }

  private Reply receipt(String payment) {
    return world.http().get("/api/v1/payments/" + payment + "/receipt");
  }

  @Test
  void remindersAndReceipts_inThreeLanguages_areStoredServedAndMadeAgainFromTheirFacts()
      throws Exception {
    if (Files.isReadable(CHINESE)) {
      chineseFont();
    }
    Map<String, String> names =
        Map.of("en", "Example Ltd", "de", "Beispiel GmbH & Söhne", "zh-CN", "北京示例有限公司");
    int pages = 0;
    for (String locale : List.of("en", "de", Files.isReadable(CHINESE) ? "zh-CN" : "fr")) {
      String customer = "c-" + locale;
      world.customer(customer, names.getOrDefault(locale, "X"), locale, new TaxPlace("DE", null));
      String number = world.bill(customer);
      BookedInvoice.invoice(world.database(), customer, number, "29");
      remind(customer, number, "first");
      remind(customer, number, "past_due");
      remind(customer, number, "past_due");
      String payment = pay(customer, "30", ",\"numbers\":[\"" + number + "\"]");
      assertThat(receipt(payment).body()).contains("is not made yet");
      world.run();
      JsonNode stored = world.get(number, "").json();
      assertThat(stored.path("documents").findValuesAsText("kind"))
          .containsExactly("reminder-first", "reminder-past_due");
      assertThat(world.get(number, "/reminder-first").body()).startsWith("%PDF-");
      assertThat(world.get(number, "/reminder-past_due").contentType())
          .startsWith("application/pdf");
      assertThat(receipt(payment).body()).startsWith("%PDF-");
      pages += 3;
    }
    assertThat(world.get("acme-000001", "/reminder-second").body())
        .contains("has no reminder-second");
    Proof.of("notice-documents")
        .with("languages", 3)
        .with("reminders", pages / 3 * 2)
        .with("receipts", pages / 3)
        .with("made-again-alike", madeAgain())
        .print();
  }

  /** Prints all by their facts; the bytes must be those that are stored. */
  private int madeAgain() {
    PaperFolder papers = new PaperFolder(world.folder());
    List<Map.Entry<String, byte[]>> all =
        world
            .database()
            .read(
                handle ->
                    handle
                        .createQuery("SELECT facts, bytes FROM notice_document")
                        .map(ResultRow.to(row -> Map.entry(row.text("facts"), row.bytes("bytes"))))
                        .list());
    for (Map.Entry<String, byte[]> each : all) {
      var notice = NoticeReader.read(each.getKey());
      try (PdfPrinter printer = new PdfPrinter(papers.fonts())) {
        PaperLanguage language = PaperLanguage.of(notice.head().locale());
        assertThat(printer.print(notice, PaperTemplate.PLAIN, language)).isEqualTo(each.getValue());
      }
    }
    return all.size();
  }

  @Test
  void receipt_saysWhatThePaymentPaid_andARefundLaterChangesNothing() throws Exception {
    String number = world.invoice("one", "Example Ltd", new TaxPlace("DE", null));
    // The first part of a month: it depends on the day of the test.
    String total = world.texts("SELECT round(total, 2)::text FROM invoice").get(0);
    BookedInvoice.invoice(world.database(), "one", number, total);
    String payment = pay("one", "30", ",\"reference\":\"line 7\"");
    String refund = "{\"currency\":\"USD\",\"amount\":5,\"reason\":\"kindness\"}";
    world.http().send("POST", "/api/v1/payments/" + payment + "/refunds", refund);
    world.run();
    String facts = world.texts("SELECT facts FROM notice_document").get(0);
    assertThat(facts)
        .contains("\"settled\":[{\"number\":\"" + number + "\",\"amount\":\"" + total + "\"}]")
        .contains("\"kept\":\"" + new BigDecimal(30).subtract(new BigDecimal(total)) + "\"")
        .contains("\"on\":\"2027-01-10\"")
        .contains("\"reference\":\"line 7\"");
    assertThatThrownBy(
            () ->
                world
                    .database()
                    .useTransaction(handle -> handle.execute("DELETE FROM notice_document")))
        .isInstanceOf(DatabaseException.class);
  }

  @Test
  void paymentForNoInvoice_hasAReceiptWithThePartiesOfNow() throws Exception {
    world.customer("one", "Example Ltd", "de", new TaxPlace("DE", null));
    String payment = pay("one", "30", "");
    world.run();
    assertThat(receipt(payment).body()).startsWith("%PDF-");
    assertThat(world.texts("SELECT facts FROM notice_document").get(0))
        .contains("\"settled\":[]")
        .contains("\"sellerId\":\"acme\"");
  }

  @Test
  void nameThatNoFontHas_stopsThatNoticeAlone_andIsListedWithItsReason() throws Exception {
    String number = world.invoice("one", "北京示例有限公司", new TaxPlace("CN", null));
    remind("one", number, "due");
    String payment = pay("one", "1", "");
    world.customer("two", "Example Ltd", "en", new TaxPlace("DE", null));
    String other = pay("two", "1", "");
    world.run();
    assertThat(receipt(other).status()).isEqualTo(200);
    assertThat(receipt(payment).status()).isEqualTo(404);
    assertThat(receipt(payment).body()).contains("no font has the character");
    assertThat(world.get(number, "/reminder-due").body()).contains("of customer.name");
    JsonNode faults = world.http().get("/api/v1/document-failures").json().path("items");
    assertThat(faults.findValuesAsText("kind"))
        .containsExactlyInAnyOrder("reminder-due", "receipt");
    assertThat(world.texts("SELECT count(*)::text FROM notice_document")).containsExactly("1");
  }

  @Test
  void notice_isToldToTheMails_onceItsPdfIsStored_orCannotBeMade() throws Exception {
    String number = world.invoice("one", "Example Ltd", new TaxPlace("DE", null));
    remind("one", number, "first");
    assertThat(toMail()).isEmpty();
    world.run();
    remind("one", number, "first");
    remind("one", number, "past_due");
    String payment = pay("one", "1", "");
    world.run();
    assertThat(toMail())
        .containsExactly(
            "invoice.reminder_to_mail first",
            "invoice.past_due_to_mail past_due",
            "payment.received_to_mail " + payment);
    StoredPdf stored = new StoredPdf(world.database());
    assertThat(stored.reminder(number, "first")).isPresent();
    assertThat(stored.reminder(number, "past_due")).isPresent();
    assertThat(stored.receipt(payment)).isPresent();
    String chinese = world.invoice("two", "北京示例有限公司", new TaxPlace("CN", null));
    remind("two", chinese, "first");
    world.run();
    world.pass();
    world.run();
    assertThat(toMail()).hasSize(4).last().isEqualTo("invoice.reminder_to_mail first");
    assertThat(stored.reminder(chinese, "first")).isEmpty();
    if (Files.isReadable(CHINESE)) {
      chineseFont();
      world.pass();
      world.run();
      assertThat(stored.reminder(chinese, "first")).isPresent();
      assertThat(toMail()).as("a mail that has gone goes no second time").hasSize(4);
    }
  }

  private void chineseFont() throws IOException {
    Files.createDirectories(world.folder().resolve("fonts"));
    Files.copy(CHINESE, world.folder().resolve("fonts/1.ttf"));
  }

  private List<String> toMail() {
    return world.texts(
        """
        SELECT kind || ' ' || coalesce(payload->>'step', payload->>'paymentId') FROM outbox_event
        WHERE kind LIKE '%_to_mail' ORDER BY position
        """);
  }

  @Test
  void receipt_ofAnotherCustomerOrOfNoPayment_isNotThere() throws Exception {
    assertThat(receipt("pay_none").status()).isEqualTo(404);
    assertThat(receipt("pay_none").body()).contains("there is no payment pay_none");
    world.customer("one", "Example Ltd", "de", new TaxPlace("DE", null));
    String payment = pay("one", "30", "");
    Documents documents = new Documents(world.database(), new PaperFolder(world.folder()));
    documents.requireVisiblePayment(payment, "one");
    assertThatThrownBy(() -> documents.requireVisiblePayment(payment, "two"))
        .hasMessageContaining("there is no payment " + payment);
  }
}
