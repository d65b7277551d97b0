package io.billingsdk.server.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.invoices.FirstInvoice;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class DocumentsTest {
  private static final Actor TESTER = new Actor("tester");

  @TempDir private Path folder;

  private HttpTestbed http;
  private Database database;

  @BeforeEach
  void start() {
    http = new HttpTestbed(folder);
    database = http.world().database();
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "acme",
                "Acme GmbH",
                "USD",
                "Europe/Berlin",
                new Address(List.of("Weg 1"), "Berlin", "10115", null, "DE"),
                List.of()));
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.shipped(), new ImportOptions(true, null, false));
  }

  @AfterEach
  void stop() {
    database.close();
    http.close();
  }

  @Test
  void documents_ofAnIssuedInvoice_areStoredAndServed() {
    String number = invoice("one", "Example Ltd", new TaxPlace("DE", null));
    issued(number);
    assertThat(get(number, "/pdf").status()).isEqualTo(404);
    assertThat(get(number, "/pdf").body()).contains("is not made yet");
    run();
    JsonNode found = get(number, "").json();
    assertThat(found.path("documents").findValuesAsText("kind"))
        .containsExactly("cii", "pdf", "ubl");
    assertThat(found.path("faults")).isEmpty();
    assertThat(get(number, "/ubl").body()).contains("<cbc:ID>" + number + "</cbc:ID>");
    assertThat(get(number, "/cii").contentType()).startsWith("application/xml");
    Reply pdf = get(number, "/pdf");
    assertThat(pdf.contentType()).startsWith("application/pdf");
    assertThat(pdf.body()).startsWith("%PDF-").contains("factur-x.xml");
    assertThat(get(number, "/doc").status()).isEqualTo(400);
  }

  @Test
  void documents_madeAndNotedAgain_stayAsTheyAre() {
    String number = invoice("one", "Example Ltd", new TaxPlace("DE", null));
    issued(number);
    run();
    JsonNode first = get(number, "").json();
    issued(number);
    run();
    assertThat(get(number, "").json()).isEqualTo(first);
    assertThatThrownBy(
            () -> database.useTransaction(handle -> handle.execute("DELETE FROM invoice_document")))
        .isInstanceOf(DatabaseException.class);
  }

  @Test
  void customerWithoutCountry_hasAPdfAlone_andItSaysWhy() {
    String number = invoice("one", "Example Ltd", null);
    issued(number);
    run();
    JsonNode found = get(number, "").json();
    assertThat(found.path("documents").findValuesAsText("kind")).containsExactly("pdf");
    assertThat(found.path("faults").findValuesAsText("kind")).containsExactly("cii", "ubl");
    assertThat(found.at("/faults/0/reason").asText()).contains("customer.country is missing");
    assertThat(found.at("/faults/0").has("nextTry")).isFalse();
    assertThat(get(number, "/ubl").body()).contains("customer.country is missing");
  }

  @Test
  void nameThatNoFontHas_stopsThatDocumentAlone_andIsListed() {
    String chinese = invoice("a", "北京示例有限公司", new TaxPlace("CN", null));
    String latin = invoice("b", "Example Ltd", new TaxPlace("DE", null));
    issued(chinese);
    issued(latin);
    run();
    assertThat(get(latin, "/pdf").status()).isEqualTo(200);
    assertThat(get(chinese, "/ubl").status()).isEqualTo(200);
    JsonNode fault = http.get("/api/v1/document-failures").json().at("/items/0");
    assertThat(fault.path("number").asText()).isEqualTo(chinese);
    assertThat(fault.path("kind").asText()).isEqualTo("pdf");
    assertThat(fault.path("reason").asText())
        .contains("no font has the character")
        .contains("customer.name");
    assertThat(fault.has("nextTry")).isTrue();
  }

  @Test
  void template_repaired_letsTheDocumentBeMadeLater() throws Exception {
    Path template = Files.createDirectories(folder.resolve("documents/templates/acme"));
    Files.writeString(template.resolve("style.css"), "h1 {{{ }");
    String number = invoice("one", "Example Ltd", new TaxPlace("DE", null));
    issued(number);
    run();
    assertThat(get(number, "").json().at("/faults/0/reason").asText()).contains("style.css");
    Files.writeString(template.resolve("style.css"), "h1 { color: #003366; }");
    database.useTransaction(
        handle -> handle.execute("UPDATE invoice_document_wanted SET next_try = now()"));
    run();
    assertThat(get(number, "").json().path("faults")).isEmpty();
    assertThat(get(number, "/pdf").status()).isEqualTo(200);
  }

  @Test
  void preview_ofATemplate_isAPdf_andItsFaultIsSaid() throws Exception {
    String path = "/api/v1/sellers/acme/document-preview?language=de";
    assertThat(http.get(path).body()).startsWith("%PDF-");
    assertThat(http.get("/api/v1/sellers/none/document-preview").status()).isEqualTo(404);
    assertThat(http.get(path + "x").status()).isEqualTo(400);
    Path template = Files.createDirectories(folder.resolve("documents/templates/acme"));
    Files.writeString(template.resolve("logo.png"), "none");
    assertThat(http.get(path).body()).contains("logo.png is no picture");
  }

  private String invoice(String id, String name, @Nullable TaxPlace place) {
    NewCustomer wanted =
        new NewCustomer(id, name, "USD", "UTC", "en", "acme", place, List.of(), null);
    new Customers(database, TESTER).create(wanted);
    var unused = SubscriptionTime.start(database, id, "pro");
    return FirstInvoice.issue(database, id);
  }

  /** As the outbox delivers it. */
  private void issued(String number) {
    DomainEvent event =
        DomainEvent.of("invoice.issued", "customer/c", Map.of("number", number), "tester");
    new DocumentNoter(database).receive(new DeliveredEvent(event, 1, Instant.EPOCH, 1, 0));
  }

  private void run() {
    new DocumentJob(database, new PaperFolder(folder.resolve("documents"))).run();
  }

  private Reply get(String number, String rest) {
    return http.get("/api/v1/invoices/" + number + "/documents" + rest);
  }
}
