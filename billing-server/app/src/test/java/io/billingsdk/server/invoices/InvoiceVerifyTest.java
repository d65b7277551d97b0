package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All documents are made again after a kill of PostgreSQL, after a full vacuum, after dump and
 * restore, and in a copy in which the documents and all amounts of lines are emptied.
 */
@Tag("postgres")
class InvoiceVerifyTest {
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");
  private static final Instant MAY = Instant.parse("2026-05-02T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2026-06-02T00:00:00Z");

  /** Only of a row, whose amounts are gone; the documents are compared with the first ones. */
  private static final String ROW = "row of line ";

  private static final List<String> EMPTIED =
      List.of(
          "UPDATE invoice SET document = '', sha256 = repeat('0', 64), net = 0, discount = 0,"
              + " taxable = 0, tax = 0, total = 0, prepaid = 0, due = 0",
          "UPDATE invoice_line SET net = 0, discount = 0",
          "UPDATE invoice_tax SET base = 0, tax = 0");

  @TempDir Path directory;

  @Test
  void documents_afterRestartVacuumDumpAndEmptying_areMadeAgainIdentically() throws Exception {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      List<Issued> documents = documents(world);
      World ledger = world.http.world();
      int first = identical(world.database, documents);
      Testbed.get().killDatabase(ledger.sessions().get(0));
      int killed = identical(world.database, documents);
      ledger.execute("VACUUM FULL");
      int vacuumed = identical(world.database, documents);
      World restored = RestoredWorld.of(ledger);
      try (Database copy = restored.database()) {
        int dumped = identical(copy, documents);
        List<String> books = copy.read(BookRows::differences);
        int planted = planted(restored, copy, documents);
        for (String table : List.of("invoice", "invoice_line", "invoice_tax")) {
          restored.execute("ALTER TABLE " + table + " DISABLE TRIGGER USER");
          // Emptied amounts keep to no rule of the table.
          restored.execute("ALTER TABLE " + table + " DISABLE TRIGGER ALL");
        }
        restored.execute("ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_gives_back");
        for (String each : EMPTIED) {
          restored.execute(each);
        }
        int emptied = identical(copy, documents);
        Proof.of("invoice-verify")
            .with("documents", documents.size())
            .with("identical", first)
            .with("after_kill_of_postgresql", killed)
            .with("after_full_vacuum", vacuumed)
            .with("after_dump_and_restore", dumped)
            .with("with_emptied_documents_and_amounts", emptied)
            .with("planted", 3)
            .with("named", planted)
            .print();
        assertThat(List.of(first, killed, vacuumed, dumped, emptied))
            .containsOnly(documents.size());
        assertThat(books).isEmpty();
        assertThat(planted).isEqualTo(3);
      }
    }
  }

  /** Invoices with usage, late usage, a correction, another plan and a commitment, and credits. */
  private static List<Issued> documents(InvoiceWorld world) throws Exception {
    world.used("late");
    world.customer("switched", "America/Los_Angeles");
    Subscription switched = world.subscribe("switched", "large");
    world.customer("committed", "Asia/Kathmandu");
    world.subscribe("committed", "committed");
    List<String> all = List.of("late", "switched", "committed");
    bill(world, all, APRIL);
    world.use("late", InvoiceWorld.IN_MARCH.plusSeconds(60), "77");
    SubscriptionTime.switchNow(world.database, switched.id(), "metered");
    world.use("switched", APRIL.plusSeconds(3_600), "1234.5");
    bill(world, all, MAY);
    world.correct("late", InvoiceWorld.IN_MARCH, "1");
    bill(world, all, JUNE);
    List<Issued> documents = new ArrayList<>();
    all.forEach(each -> documents.addAll(world.of(each)));
    var unused =
        new CreditNotes(world.database, InvoiceWorld.TESTER)
            .voidInvoice(world.of("committed").get(0).number(), "wrong");
    documents.add(world.of("committed").get(world.of("committed").size() - 1));
    assertThat(documents).extracting(Issued::kind).contains("invoice", "credit_note", "void");
    return documents;
  }

  private static void bill(InvoiceWorld world, List<String> customers, Instant to)
      throws InterruptedException {
    customers.forEach(each -> world.move(each, to));
    while (world.run().invoices() > 0) {
      // The later times of a subscription wait for the earlier ones.
    }
  }

  /** How many are made again as they were issued, of the ledger of a database. */
  private static int identical(Database database, List<Issued> documents) {
    int identical = 0;
    for (Issued each : documents) {
      List<String> differences = differences(database, each);
      identical += differences.stream().allMatch(one -> one.startsWith(ROW)) ? 1 : 0;
      differences.stream().filter(one -> !one.startsWith(ROW)).forEach(System.out::println);
    }
    return identical;
  }

  private static List<String> differences(Database database, Issued issued) {
    return database.read(
        handle -> new Verifier(database, InvoiceWorld.TABLE).verify(handle, issued).differences());
  }

  /** How many of a changed event, line and price are named; each is taken back. */
  private static int planted(World restored, Database copy, List<Issued> documents)
      throws SQLException {
    for (String table : List.of("usage_event", "invoice_line", "plan_version")) {
      restored.execute("ALTER TABLE " + table + " DISABLE TRIGGER USER");
    }
    String price = "UPDATE plan_version SET content = replace(content::text, '%s', '%s')::json";
    return named(
            restored,
            copy,
            documents,
            "UPDATE usage_event SET usage = usage %s 1 WHERE usage BETWEEN 77 AND 78",
            "detail.digest")
        + named(
            restored,
            copy,
            documents,
            "UPDATE invoice_line SET net = net %s 0.01 WHERE line = 1 AND kind <> 'correction'"
                + " AND number LIKE '%%-000001'",
            "row of line 1, net")
        + (priced(restored, copy, documents, price) ? 1 : 0);
  }

  private static int named(
      World restored, Database copy, List<Issued> documents, String change, String what)
      throws SQLException {
    restored.execute(change.formatted("+"));
    boolean isNamed =
        documents.stream()
            .flatMap(each -> differences(copy, each).stream())
            .anyMatch(each -> each.contains(what));
    restored.execute(change.formatted("-"));
    return isNamed ? 1 : 0;
  }

  private static boolean priced(World restored, Database copy, List<Issued> documents, String price)
      throws SQLException {
    restored.execute(price.formatted("0.013", "0.014"));
    boolean isNamed =
        documents.stream()
            .flatMap(each -> differences(copy, each).stream())
            .anyMatch(each -> each.startsWith("digest of the plan metered"));
    restored.execute(price.formatted("0.014", "0.013"));
    return isNamed;
  }
}
