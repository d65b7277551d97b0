package io.billingsdk.server.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class DocumentsTest {
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

  @Test
  void documents_ofAnIssuedInvoice_areStoredAndServed() {
    String number = world.invoice("one", "Example Ltd", new TaxPlace("DE", null));
    world.issued(number);
    assertThat(world.get(number, "/pdf").status()).isEqualTo(404);
    assertThat(world.get(number, "/pdf").body()).contains("is not made yet");
    world.run();
    JsonNode found = world.get(number, "").json();
    assertThat(found.path("documents").findValuesAsText("kind"))
        .containsExactly("cii", "pdf", "ubl");
    assertThat(found.path("faults")).isEmpty();
    assertThat(world.get(number, "/ubl").body()).contains("<cbc:ID>" + number + "</cbc:ID>");
    assertThat(world.get(number, "/cii").contentType()).startsWith("application/xml");
    Reply pdf = world.get(number, "/pdf");
    assertThat(pdf.contentType()).startsWith("application/pdf");
    assertThat(pdf.body()).startsWith("%PDF-").contains("factur-x.xml");
    assertThat(world.get(number, "/doc").status()).isEqualTo(400);
  }

  @Test
  void documents_madeAndNotedAgain_stayAsTheyAre() {
    String number = world.invoice("one", "Example Ltd", new TaxPlace("DE", null));
    world.issued(number);
    world.run();
    JsonNode first = world.get(number, "").json();
    world.issued(number);
    world.run();
    assertThat(world.get(number, "").json()).isEqualTo(first);
    assertThatThrownBy(
            () ->
                world
                    .database()
                    .useTransaction(handle -> handle.execute("DELETE FROM invoice_document")))
        .isInstanceOf(DatabaseException.class);
  }

  @Test
  void customerWithoutCountry_hasAPdfAlone_andItSaysWhy() {
    String number = world.invoice("one", "Example Ltd", null);
    world.issued(number);
    world.run();
    JsonNode found = world.get(number, "").json();
    assertThat(found.path("documents").findValuesAsText("kind")).containsExactly("pdf");
    assertThat(found.path("faults").findValuesAsText("kind")).containsExactly("cii", "ubl");
    assertThat(found.at("/faults/0/reason").asText()).contains("customer.country is missing");
    assertThat(found.at("/faults/0").has("nextTry")).isFalse();
    assertThat(world.get(number, "/ubl").body()).contains("customer.country is missing");
  }

  @Test
  void currencyWithThreeDecimals_hasAPdfAlone_andItSaysWhy() {
    String number = world.invoiceIn("KWD", "one", new TaxPlace("KW", null));
    world.issued(number);
    world.run();
    JsonNode found = world.get(number, "").json();
    assertThat(found.path("documents").findValuesAsText("kind")).containsExactly("pdf");
    assertThat(found.path("faults").findValuesAsText("kind")).containsExactly("cii", "ubl");
    assertThat(world.get(number, "/cii").body()).contains("currency is KWD with 3 decimals");
    assertThat(world.get(number, "/pdf").body()).doesNotContain("factur-x.xml");
  }

  @Test
  void nameThatNoFontHas_stopsThatDocumentAlone_andIsListed() {
    String chinese = world.invoice("a", "北京示例有限公司", new TaxPlace("CN", null));
    String latin = world.invoice("b", "Example Ltd", new TaxPlace("DE", null));
    world.issued(chinese);
    world.issued(latin);
    world.run();
    assertThat(world.get(latin, "/pdf").status()).isEqualTo(200);
    assertThat(world.get(chinese, "/ubl").status()).isEqualTo(200);
    JsonNode fault = world.http().get("/api/v1/document-failures").json().at("/items/0");
    assertThat(fault.path("number").asText()).isEqualTo(chinese);
    assertThat(fault.path("kind").asText()).isEqualTo("pdf");
    assertThat(fault.path("reason").asText())
        .contains("no font has the character")
        .contains("customer.name");
    assertThat(fault.has("nextTry")).isTrue();
  }

  @Test
  void template_repaired_letsTheDocumentBeMadeLater() throws Exception {
    Path template = world.template("acme");
    Files.writeString(template.resolve("style.css"), "h1 {{{ }");
    String number = world.invoice("one", "Example Ltd", new TaxPlace("DE", null));
    world.issued(number);
    world.run();
    assertThat(world.get(number, "").json().at("/faults/0/reason").asText()).contains("style.css");
    Files.writeString(template.resolve("style.css"), "h1 { color: #003366; }");
    world.pass();
    world.run();
    assertThat(world.get(number, "").json().path("faults")).isEmpty();
    assertThat(world.get(number, "/pdf").status()).isEqualTo(200);
  }

  @Test
  void preview_ofATemplate_isAPdf_andItsFaultIsSaid() throws Exception {
    String path = "/api/v1/sellers/acme/document-preview?language=de";
    assertThat(world.http().get(path).body()).startsWith("%PDF-");
    assertThat(world.http().get("/api/v1/sellers/none/document-preview").status()).isEqualTo(404);
    assertThat(world.http().get(path + "x").status()).isEqualTo(400);
    Path template = world.template("acme");
    Files.writeString(template.resolve("logo.png"), "none");
    assertThat(world.http().get(path).body()).contains("logo.png is no picture");
  }

  @Test
  void storedPdf_isSaidOnce_forTheMail_withTheFieldsOfTheIssue() {
    String number = world.invoice("one", "Example Ltd", new TaxPlace("DE", null));
    world.issued(number);
    world.run();
    world.issued(number);
    world.run();
    List<String> said =
        world.texts(
            "SELECT payload::text FROM outbox_event WHERE kind = 'invoice.document_stored'");
    assertThat(said).hasSize(1);
    List<String> issued =
        world.texts("SELECT payload::text FROM outbox_event WHERE kind = 'invoice.issued'");
    assertThat(json(issued.get(0)).path("number").asText()).isEqualTo(number);
    json(said.get(0))
        .properties()
        .forEach(
            each ->
                assertThat(each.getValue())
                    .as(each.getKey())
                    .isEqualTo(json(issued.get(0)).get(each.getKey())));
    assertThat(new StoredPdf(world.database()).find(number)).isPresent();
  }

  @Test
  void templateOfTheSettings_isUsed_andOneThatIsAbsent_isNamed() throws Exception {
    world.customer("one", "Example Ltd", "en", new TaxPlace("DE", null));
    Reply set =
        world
            .http()
            .send("PATCH", "/api/v1/customers/one/billing-settings", "{\"template\":\"gold\"}");
    assertThat(set.status()).as(set.body()).isEqualTo(200);
    String number = world.bill("one");
    world.issued(number);
    world.run();
    assertThat(world.get(number, "/ubl").status()).isEqualTo(200);
    assertThat(world.get(number, "").json().at("/faults/0/reason").asText())
        .contains("the template gold of the billing settings is not there");
    Files.writeString(world.template("gold").resolve("texts_en.properties"), "invoice=Gold bill");
    world.pass();
    world.run();
    assertThat(world.get(number, "").json().path("faults")).isEmpty();
    String preview = "/api/v1/sellers/acme/document-preview?template=";
    assertThat(world.http().get(preview + "gold").body()).startsWith("%PDF-").contains("Gold bill");
    assertThat(world.http().get(preview + "none").body()).contains("the template none");
    assertThat(world.http().get(preview + "../x").status()).isEqualTo(400);
  }

  /** The seller acme has none of its own, which is no fault; a named one that is absent is. */
  @Test
  void templateOfTheSettings_withTheIdOfASeller_isNotTheStandardOneInstead() {
    String plain = world.invoice("a", "Example Ltd", new TaxPlace("DE", null));
    world.customer("b", "Example Ltd", "en", new TaxPlace("DE", null));
    var unused =
        world
            .http()
            .send("PATCH", "/api/v1/customers/b/billing-settings", "{\"template\":\"acme\"}");
    String named = world.bill("b");
    world.issued(plain);
    world.issued(named);
    world.run();
    assertThat(world.get(plain, "/pdf").status()).isEqualTo(200);
    assertThat(world.get(named, "/pdf").body())
        .contains("the template acme of the billing settings is not there");
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException malformed) {
      throw new AssertionError(text, malformed);
    }
  }
}
