package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owner of the tables at an issued invoice: refused, or named afterwards. */
@Tag("postgres")
class TamperingTest {
  private static final String REPLICA = "SET session_replication_role = replica; ";
  private static final String NUMBER = "acme~c-000002";
  private static final String LINE =
      """
      INSERT INTO invoice_line (number, line, subscription_id, key, kind, net, discount,
        tax_category, tax_percent)
      SELECT %s, subscription_id, key, kind, %s, discount, tax_category, tax_percent
      FROM invoice_line WHERE number = 'acme~c-000002' AND line = 1
      """;

  private static final String COPY =
      """
      INSERT INTO invoice (number, kind, seller_id, customer_id, subscription_id, span, revision,
        series, series_number, issue_date, valid_from, valid_to, currency, cut_no, net, discount,
        taxable, tax, total, prepaid, due, document, sha256, actor, lines)
      SELECT series || '-00000' || %1$d, kind, seller_id, customer_id, subscription_id, span, %1$d,
        series, %1$d, issue_date, valid_from, valid_to, currency, cut_no, net, discount, taxable,
        tax, total, prepaid, due, document, sha256, actor, lines
      FROM invoice WHERE number = 'acme~c-000002'
      """;

  @TempDir Path directory;

  private InvoiceWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new InvoiceWorld(directory);
    world.used("c");
    world.move("c", Instant.parse("2026-04-02T00:00:00Z"));
    world.run();
    assertThat(world.invoices().bookDifferences()).isEmpty();
    assertThat(world.invoices().verify(NUMBER).differences()).isEmpty();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void owner_changingAnIssuedDocument_isRefused_alsoAsAReplica() {
    for (String change :
        List.of(
            "UPDATE invoice SET total = 0",
            "UPDATE invoice_line SET net = 0",
            "UPDATE invoice_pin SET inputs = '{}'",
            "DELETE FROM invoice_line",
            "TRUNCATE invoice CASCADE",
            LINE.formatted("number, 3", "0"),
            LINE.formatted("'acme~c-000009', 1", "net"),
            "UPDATE invoice_series SET last_number = 1",
            "UPDATE invoice_series SET last_number = 9, last_date = '2020-01-01'",
            "DELETE FROM invoice_series",
            "TRUNCATE invoice_series",
            "UPDATE plan_version SET valid_from = now()",
            "DELETE FROM plan_version_meter",
            "UPDATE meter SET content = '{}'",
            "UPDATE subscription_event SET lines = '[]'",
            "DELETE FROM subscription_event")) {
      refused(change, "23001");
      refused(REPLICA + change, "23001");
    }
    assertThat(world.invoices().verify(NUMBER).differences()).isEmpty();
  }

  @Test
  void owner_addingADocumentThatDoesNotAddUp_isRefused() {
    refused(COPY.formatted(3), "23514");
    String lines = LINE.formatted("'acme~c-000003', l", "net").replace("FROM invoice_line", FROM);
    refused(COPY.formatted(3) + ";" + lines, "23514");
    refused(REPLICA + COPY.formatted(3), "23514");
  }

  private static final String FROM = "FROM generate_series(1, 2) AS l, invoice_line";

  @Test
  void owner_addingADocumentThatAddsUp_isNamed() throws Exception {
    execute(
        COPY.formatted(3)
            + """
            ;INSERT INTO invoice_line (number, line, subscription_id, key, kind, net, discount,
              tax_category, tax_percent)
            SELECT 'acme~c-000003', line, subscription_id, key, kind, net, discount, tax_category,
              tax_percent FROM invoice_line WHERE number = 'acme~c-000002';
            INSERT INTO invoice_tax SELECT 'acme~c-000003', category, percent, base, tax
              FROM invoice_tax WHERE number = 'acme~c-000002'
            """);
    assertThat(world.invoices().verify("acme~c-000003").differences()).isNotEmpty();
    assertThat(world.invoices().bookDifferences())
        .containsExactly("the series acme~c has 3 numbers up to 3, but gave 2");
  }

  @Test
  void owner_changingTheNumberOrTheDateEverywhere_isNamed() throws Exception {
    off("invoice", "invoice_line");
    rewrite("document = replace(document, '\"2026-04-02\"', '\"2026-03-02\"')");
    execute("UPDATE invoice SET issue_date = '2026-03-02' WHERE number = 'acme~c-000002'");
    rewrite("sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex')");
    assertThat(world.invoices().verify(NUMBER).differences())
        .contains("date of the row is 2026-03-02, but comes to 2026-04-02")
        .anySatisfy(each -> assertThat(each).startsWith("issueDate is"));
    assertThat(world.invoices().bookDifferences())
        .contains("acme~c-000002 has an earlier date than the number before it")
        .contains("the trigger invoice_unchanged of the table invoice is missing or off");
  }

  @Test
  void owner_changingAPlanThatNoLineShows_isNamed() throws Exception {
    off("plan_version");
    execute("UPDATE plan_version SET content = replace(content::text, 'Metered', 'Other')::json");
    assertThat(world.invoices().verify(NUMBER).differences())
        .anySatisfy(each -> assertThat(each).startsWith("digest of the plan metered version 1 is"));
  }

  @Test
  void owner_droppingALineOrAGuard_isNamed() throws Exception {
    off("invoice_line");
    execute("DELETE FROM invoice_line WHERE number = 'acme~c-000002' AND line = 2");
    execute("DROP TRIGGER invoice_adds_up ON invoice");
    assertThat(world.invoices().verify(NUMBER).differences())
        .contains("rows of lines is 1, but comes to 2");
    assertThat(world.invoices().bookDifferences())
        .contains("acme~c-000002 has 1 rows of lines, but 2 lines")
        .contains("the trigger invoice_adds_up of the table invoice is missing or off");
  }

  private void rewrite(String set) throws SQLException {
    execute("UPDATE invoice SET " + set + " WHERE number = 'acme~c-000002'");
  }

  private void off(String... tables) throws SQLException {
    for (String table : tables) {
      execute("ALTER TABLE " + table + " DISABLE TRIGGER USER");
    }
  }

  private void refused(String change, String state) {
    assertThatThrownBy(() -> execute(change))
        .as(change)
        .isInstanceOfSatisfying(
            SQLException.class, each -> assertThat(each.getSQLState()).isEqualTo(state));
  }

  private void execute(String change) throws SQLException {
    world.http.world().execute(change);
  }
}
