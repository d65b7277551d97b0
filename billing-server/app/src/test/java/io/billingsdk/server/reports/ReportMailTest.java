package io.billingsdk.server.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.notifications.MailAttachments.MailFile;
import io.billingsdk.server.notifications.MailAttachments.MailSubject;
import io.billingsdk.testbed.Proof;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the 1st of each customer, the report of the last month is said to be there, once. */
@Tag("postgres")
class ReportMailTest {
  private static final Actor TESTER = new Actor("tester");
  private static final URI URL = URI.create("https://billing.example.com/");
  private static final int HOURS = 60;
  private static final List<String> ZONES =
      List.of(
          "Pacific/Kiritimati",
          "Pacific/Auckland",
          "Australia/Lord_Howe",
          "Asia/Kathmandu",
          "Asia/Shanghai",
          "Europe/Berlin",
          "UTC",
          "America/St_Johns",
          "America/New_York",
          "America/Santiago",
          "Pacific/Honolulu",
          "Pacific/Pago_Pago");

  @TempDir Path directory;

  private World world;
  private Database database;
  private Instant now = Instant.parse("2098-09-29T09:00:00Z");

  @BeforeEach
  void start() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private void customer(String id, String name, String zone, @Nullable Instant testClock) {
    customer(id, name, zone, testClock, Instant.parse("2026-01-01T00:00:00Z"));
  }

  private void customer(
      String id, String name, String zone, @Nullable Instant testClock, Instant since) {
    new KeyAdmin(database, null, TESTER).createApp(id, id);
    Customers customers = new Customers(database, TESTER);
    NewCustomer wanted = NewCustomer.of(id, name, "USD", zone);
    customers.create(testClock == null ? wanted : wanted.withTestClock(testClock));
    customers.assign(id, id, since);
  }

  /** Another server each time. */
  private void run() {
    new ReportJob(database, URL, () -> now).run();
  }

  private List<String> said() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT payload->>'customerId' AS customer, payload->>'month' AS month"
                        + " FROM outbox_event WHERE kind = 'report.monthly' ORDER BY position")
                .map(ResultRow.to(row -> row.text("customer") + " " + row.text("month")))
                .list());
  }

  @Test
  void endOfAMonth_isSaidOnThe1stOfEachZone_once_byServersThatComeAndGo() {
    ZONES.forEach(zone -> customer(zone.replace('/', '.'), zone, zone, null));
    run();
    // Since January: the last month, August, was over long ago.
    assertThat(said()).hasSize(ZONES.size()).allMatch(each -> each.endsWith(" 2098-08"));
    Map<String, ZonedDateTime> first = new LinkedHashMap<>();
    for (int hour = 0; hour < HOURS; hour++) {
      now = now.plus(Duration.ofHours(1));
      run();
      run();
      List<String> all = said();
      for (String each : all.subList(ZONES.size(), all.size())) {
        String zone = each.substring(0, each.indexOf(' ')).replace('.', '/');
        first.putIfAbsent(zone, now.atZone(ZoneId.of(zone)));
        assertThat(each).endsWith(" 2098-09");
      }
    }
    long wrong =
        first.values().stream()
            .filter(each -> each.getDayOfMonth() != 1 || each.getHour() > 2)
            .count();
    int twice = said().size() - 2 * ZONES.size();
    Proof.of("report-monthly")
        .with("zones", ZONES.size())
        .with("runs", 2 * HOURS + 1)
        .with("said", first.size())
        .with("twice", twice)
        .with("not_on_the_1st", wrong)
        .print();
    assertThat(first.keySet()).containsExactlyInAnyOrderElementsOf(ZONES);
    assertThat(twice).isZero();
    assertThat(wrong).isZero();
  }

  @Test
  void testClock_thatMovesOverAMonth_bringsItsReport_andBeforeItsStartThereIsNone() {
    ZoneId zone = ZoneId.of("America/New_York");
    Instant begin = ZonedDateTime.of(2030, 1, 1, 0, 0, 0, 0, zone).toInstant();
    customer("acme", "Acme", zone.getId(), begin);
    // Without an app, a customer has nothing to be told of.
    new Customers(database, TESTER).create(NewCustomer.of("idle", "Idle", "USD", "UTC"));
    move("acme", begin.plus(Duration.ofDays(31)).minusSeconds(1));
    run();
    assertThat(said()).containsExactly("acme 2029-12");
    move("acme", begin.plus(Duration.ofDays(31)).plus(ReportJob.LATENESS).minusSeconds(1));
    run();
    assertThat(said()).hasSize(1);
    move("acme", begin.plus(Duration.ofDays(31)).plus(ReportJob.LATENESS));
    run();
    run();
    assertThat(said()).containsExactly("acme 2029-12", "acme 2030-01");
  }

  private void move(String customer, Instant to) {
    var unused = new CustomerClocks(database).moveTo(TESTER, customer, to);
  }

  @Test
  void customer_whoBeginsInTheMonth_hasItsReportAtTheEnd_andNoneBefore() {
    now = Instant.parse("2098-01-15T00:00:00Z");
    customer("acme", "Acme", "UTC", null, Instant.parse("2098-01-10T00:00:00Z"));
    run();
    assertThat(said()).isEmpty();
    now = Instant.parse("2098-02-01T01:00:00Z");
    run();
    assertThat(said()).containsExactly("acme 2098-01");
  }

  @Test
  void mail_hasTheReportAsPdf_orAsCsvWhereNoFontCanPrintIt() throws Exception {
    customer("acme", "Acme & Söhne", "UTC", null);
    customer("bolt", "闪电公司", "UTC", null);
    ReportFiles files = new ReportFiles(database, new PaperFolder(directory));
    List<MailFile> made = new ArrayList<>(files.of(mail("report.monthly", "acme"), "en"));
    made.addAll(files.of(mail("report.monthly", "bolt"), "en"));
    assertThat(made)
        .extracting(MailFile::name)
        .containsExactly("report-2026-01.pdf", "report-2026-01.csv");
    try (PDDocument pdf = Loader.loadPDF(made.get(0).bytes())) {
      assertThat(new PDFTextStripper().getText(pdf))
          .contains("Usage report 2026-01")
          .contains("Acme & Söhne")
          .contains("0.00 USD");
    }
    assertThat(new String(made.get(1).bytes(), StandardCharsets.UTF_8)).contains("bolt,2026-01");
    assertThat(files.of(mail("quota.exhausted", "acme"), "en")).isEmpty();
    assertThat(files.of(mail("report.monthly", "nobody"), "en")).isEmpty();
  }

  private static MailSubject mail(String kind, String customer) {
    return new MailSubject(kind, customer, Map.of("month", "2026-01"));
  }

  @Test
  void event_hasTheAddressOfTheReport() throws SQLException {
    now = Instant.parse("2098-02-01T01:00:00Z");
    customer("acme", "Acme", "UTC", null);
    run();
    assertThat(
            world.count(
                "SELECT count(*) FROM outbox_event WHERE payload->>'url' ="
                    + " 'https://billing.example.com/api/v1/customers/acme/reports/2098-01"
                    + "?format=pdf'"))
        .isOne();
  }
}
