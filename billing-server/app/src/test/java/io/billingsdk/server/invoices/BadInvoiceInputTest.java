package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no invoice may come from: refused with its name, and nothing is half done. */
@Tag("postgres")
class BadInvoiceInputTest {
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");

  private static final List<String> TABLES =
      List.of(
          "customer",
          "seller",
          "invoice",
          "invoice_line",
          "invoice_series",
          "credit_grant",
          "credit_movement",
          "audit_log",
          "outbox_event");

  @TempDir Path directory;

  private InvoiceWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new InvoiceWorld(directory);
    world.used("c");
    world.move("c", APRIL);
    world.run();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private long rows() throws SQLException {
    long rows = 0;
    for (String each : TABLES) {
      rows += world.http.world().count("SELECT count(*) FROM " + each);
    }
    return rows;
  }

  private void refused(String method, String path, String body, String field, String said)
      throws SQLException {
    long before = rows();
    Reply reply = world.http.send(method, path, body);
    assertThat(reply.status()).as(reply.body()).isIn(400, 409);
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
    assertThat(reply.body()).contains(said);
    assertThat(rows()).isEqualTo(before);
  }

  /** Gold, a test code, no currency, and a code of nobody: none has a minor unit. */
  @ParameterizedTest
  @ValueSource(strings = {"XAU", "XTS", "XXX", "QQQ"})
  void currency_withoutMinorUnits_isRefusedByItsField(String code) throws SQLException {
    refused(
        "POST",
        "/api/v1/customers",
        "{\"customerId\":\"n\",\"name\":\"N\",\"currency\":\"%s\",\"zone\":\"UTC\"}"
            .formatted(code),
        "currency",
        "minor unit");
    refused(
        "POST",
        "/api/v1/sellers",
        """
        {"sellerId":"n","name":"N","currency":"%s","zone":"UTC",
         "address":{"lines":["W 1"],"city":"B","country":"DE"},"taxIds":[]}
        """
            .formatted(code),
        "currency",
        "minor unit");
    refused(
        "POST",
        "/api/v1/customers/c/credits",
        "{\"kind\":\"prepaid\",\"amount\":\"1\",\"currency\":\"%s\",\"reason\":\"r\"}"
            .formatted(code),
        "currency",
        "minor unit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "currency":"EUR"              | zone
          "currency":"EUR","zone":null  | zone
          "currency":"EUR","zone":"+02" | zone
          "zone":"UTC"                  | currency
          "zone":"UTC","currency":""    | currency
          """)
  void customer_withoutZoneOrCurrency_isRefusedByItsField(String given, String field)
      throws SQLException {
    refused(
        "POST",
        "/api/v1/customers",
        "{\"customerId\":\"n\",\"name\":\"N\"," + given + "}",
        field,
        field + " must be");
  }

  @Test
  void customer_withoutZoneOrCurrency_isNoRowEither() throws SQLException {
    long before = rows();
    for (String column : List.of("zone", "currency")) {
      assertThatThrownBy(
              () -> world.http.world().execute("UPDATE customer SET " + column + " = NULL"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("\"" + column + "\"");
    }
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void creditNote_aboveItsInvoice_isRefusedWithWhatIsLeft_inOneGoAndInSeveral() throws Exception {
    String path = "/api/v1/invoices/" + world.of("c").get(0).number() + "/credit-notes";
    String note = "{\"lines\":[{\"line\":1,\"amount\":\"%s\"}],\"reason\":\"r\"}";
    // 21 of 31 days of 29.
    refused("POST", path, note.formatted("19.66"), "lines[0].amount", "at most 19.65");
    assertThat(world.http.send("POST", path, note.formatted("19.00")).status()).isEqualTo(201);
    refused("POST", path, note.formatted("0.66"), "lines[0].amount", "at most 0.65");
    refused("POST", path, note.formatted("0.001"), "lines[0].amount", "2 decimals");
  }

  @Test
  void issuedInvoice_editedBySql_isRefused_byTheServersLoginAndByTheOwner() throws Exception {
    long before = rows();
    String number = world.of("c").get(0).number();
    List<String> edits =
        List.of(
            "UPDATE invoice SET due = 0 WHERE number = '" + number + "'",
            "UPDATE invoice SET document = '{}' WHERE number = '" + number + "'",
            "DELETE FROM invoice WHERE number = '" + number + "'",
            "UPDATE invoice_line SET net = net - 1",
            "DELETE FROM invoice_line");
    for (String edit : edits) {
      assertThatThrownBy(() -> world.http.world().execute(edit))
          .as(edit)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("issued invoice cannot be changed");
      assertThatThrownBy(() -> world.database.useTransaction(handle -> handle.execute(edit)))
          .as(edit)
          .isInstanceOf(DatabaseException.class);
    }
    assertThat(rows()).isEqualTo(before);
    for (Issued each : world.of("c")) {
      assertThat(world.invoices().verify(each.number()).differences()).isEmpty();
    }
  }

  @Test
  void cut_thatDoesNotExist_isPinnedByNothing() throws Exception {
    for (String table : List.of("invoice", "invoice_span")) {
      String edit = "UPDATE " + table + " SET cut_no = 4711 WHERE cut_no IS NOT NULL";
      world.http.world().execute("ALTER TABLE " + table + " DISABLE TRIGGER USER");
      assertThatThrownBy(() -> world.http.world().execute(edit))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining(table + "_cut_exists")
          .hasMessageContaining("(4711)");
      world.http.world().execute("ALTER TABLE " + table + " ENABLE TRIGGER USER");
    }
    assertThat(world.invoices().verify(world.of("c").get(0).number()).differences()).isEmpty();
  }
}
