package io.billingsdk.server.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.documents.ElectronicInvoice;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.documents.NoticeReader;
import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process of the job is killed between the row of a document and its COMMIT, in other time
 * zones and languages each time: {@code -Dsize=release}, {@code -Dkills}, {@code -Dkills.seed}.
 */
@Tag("postgres")
@Tag("crash")
class DocumentKillsTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int KILLS = Integer.getInteger("kills", RELEASE ? 40 : 5);
  private static final int MOST_BETWEEN = 4;

  /** Each has four documents; some are left after the last kill. */
  private static final int INVOICES = KILLS * MOST_BETWEEN / 3;

  private static final int LOCK = 1_811;
  private static final List<List<String>> PLACES =
      List.of(
          List.of("-Duser.timezone=Pacific/Kiritimati", "-Duser.language=tr"),
          List.of("-Duser.timezone=America/Los_Angeles", "-Duser.language=ar"),
          List.of("-Duser.timezone=Asia/Kathmandu", "-Duser.language=de"));

  private static final String ALL =
      "(SELECT number FROM invoice_document UNION ALL SELECT number FROM notice_document) AS made";

  private static final String WAITING =
      """
      pg_locks WHERE locktype = 'advisory' AND objid = %d AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """
          .formatted(LOCK);

  private static final String OF_CHILD =
      "pg_stat_activity WHERE application_name = 'documents-child'";

  @TempDir Path directory;

  @Test
  void job_whoseProcessIsKilled_goesOn_andMakesEachDocumentOnceWithTheSameBytes() throws Exception {
    long seed = Long.getLong("kills.seed", System.nanoTime());
    System.out.println("document-kills seed=" + seed);
    try (DocumentWorld world = new DocumentWorld(directory)) {
      for (int i = 0; i < INVOICES; i++) {
        wanted(world, i);
      }
      int lost = kills(world.http().world(), new Random(seed));
      // The last one goes on in this process, in the zone and the language of the build.
      world.run();
      Database database = world.database();
      assertThat(world.texts("SELECT number FROM invoice_document_wanted")).isEmpty();
      assertThat(world.texts("SELECT number FROM notice_document_wanted")).isEmpty();
      long stored = world.http().world().count("SELECT count(*) FROM " + ALL);
      int alike = alikeInvoices(database) + alikeReminders(database);
      Proof.of("document-kills")
          .with("size", RELEASE ? "release" : "commit")
          .with("kills", KILLS)
          .with("hit_an_uncommitted_document", lost)
          .with("invoices", INVOICES)
          .with("documents", stored)
          .with("made_again_alike", alike)
          .with("told_twice_or_never", wronglyTold(world))
          .with("seed", seed)
          .print();
      assertThat(lost).isEqualTo(KILLS);
      assertThat(stored).isEqualTo(4L * INVOICES);
      assertThat(alike).isEqualTo(4 * INVOICES);
      assertThat(wronglyTold(world)).isZero();
    }
  }

  /** An invoice with its three forms and a reminder. */
  private static void wanted(DocumentWorld world, int i) throws Exception {
    String customer = "c" + i;
    world.customer(customer, "Müller & Söhne " + i, "de", new TaxPlace("DE", null));
    String number = world.bill(customer);
    world.issued(number);
    new NoticeNoter(world.database())
        .receive(
            DocumentWorld.event(
                "invoice.reminder",
                Map.of(
                    "number", number,
                    "customerId", customer,
                    "currency", "USD",
                    "open", "29.00",
                    "dueOn", "2027-01-14",
                    "step", "first")));
  }

  /** How many of the kills took a document that was written, but not committed. */
  private int kills(World ledger, Random random) throws Exception {
    int lost = 0;
    DatabaseAddress owner = ledger.owner();
    try (Connection holder =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        Statement statement = holder.createStatement()) {
      waitForTheHolder(statement);
      for (int kill = 0; kill < KILLS; kill++) {
        long before = count(statement, ALL);
        int between = random.nextInt(MOST_BETWEEN);
        Process child = start(ledger, PLACES.get(kill % PLACES.size()));
        try {
          Await.until(() -> child.isAlive() && count(statement, ALL) >= before + between);
          statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
          Await.until(() -> child.isAlive() && count(statement, WAITING) == 1);
        } finally {
          child.destroyForcibly().waitFor();
        }
        long committed = count(statement, ALL);
        statement.execute("SELECT pg_advisory_unlock(" + LOCK + ")");
        Await.until(() -> count(statement, OF_CHILD) == 0);
        lost += count(statement, ALL) == committed ? 1 : 0;
      }
    }
    return lost;
  }

  /** From now on a document that is written waits for who holds the lock. */
  private static void waitForTheHolder(Statement statement) throws SQLException {
    statement.execute(
        "CREATE FUNCTION wait_for_holder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM pg_advisory_xact_lock_shared(%d); RETURN NULL; END $$".formatted(LOCK));
    for (String table : List.of("invoice_document", "notice_document")) {
      statement.execute(
          "CREATE TRIGGER wait_for_holder AFTER INSERT ON "
              + table
              + " FOR EACH ROW EXECUTE FUNCTION wait_for_holder()");
    }
  }

  private Process start(World ledger, List<String> place) throws Exception {
    String url = ledger.server().url();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx256m",
            place.get(0),
            place.get(1),
            "-cp",
            System.getProperty("java.class.path"),
            DocumentChild.class.getName(),
            url + (url.contains("?") ? "&" : "?") + "ApplicationName=documents-child",
            ledger.server().user(),
            directory.resolve("documents").toString());
    builder.environment().put("DATABASE_PASSWORD", ledger.server().password());
    builder.redirectErrorStream(true);
    builder.redirectOutput(new File("target/document-child.log"));
    Process child = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(child::destroyForcibly));
    return child;
  }

  private static long count(Statement statement, String what) {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + what)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares it.
  private record StoredBytes(String number, String kind, byte[] bytes) {}

  private static List<StoredBytes> stored(Database database, String columns) {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT " + columns)
                .map(
                    ResultRow.to(
                        row ->
                            new StoredBytes(
                                row.text("number"), row.text("kind"), row.bytes("bytes"))))
                .list());
  }

  private int alikeInvoices(Database database) {
    int alike = 0;
    try (PaperPress press = new PaperPress(new PaperFolder(directory.resolve("documents")))) {
      for (StoredBytes each : stored(database, "number, kind, bytes FROM invoice_document")) {
        InvoiceDocument document =
            InvoiceReader.read(
                new IssuedDocuments(database).find(each.number()).orElseThrow().document());
        byte[] again =
            switch (DocumentKind.of(each.kind()).orElseThrow()) {
              case CII -> ElectronicInvoice.cii(document);
              case UBL -> ElectronicInvoice.ubl(document);
              case PDF ->
                  press
                      .printer()
                      .print(
                          document,
                          DocumentMaker.embedded(document),
                          press.template(document.template(), "acme"),
                          PaperLanguage.of(document.locale()));
            };
        assertThat(again).as(each.number() + " " + each.kind()).isEqualTo(each.bytes());
        alike++;
      }
    }
    return alike;
  }

  private int alikeReminders(Database database) {
    int alike = 0;
    try (PaperPress press = new PaperPress(new PaperFolder(directory.resolve("documents")))) {
      for (StoredBytes each :
          stored(database, "facts AS number, kind, bytes FROM notice_document")) {
        byte[] again =
            press
                .printer()
                .print(
                    NoticeReader.read(each.number()),
                    press.template(null, "acme"),
                    PaperLanguage.of("de"));
        assertThat(again).as(each.number()).isEqualTo(each.bytes());
        alike++;
      }
    }
    return alike;
  }

  /** Each stored invoice and each reminder has one event for its mail. */
  private static int wronglyTold(DocumentWorld world) {
    return world
        .texts(
            """
            SELECT number || ' ' || kind FROM (
              SELECT number, 'invoice.document_stored' AS kind FROM invoice
              UNION ALL SELECT number, 'invoice.reminder_to_mail' FROM invoice) AS expected
            WHERE (SELECT count(*) FROM outbox_event e
              WHERE e.kind = expected.kind AND e.payload->>'number' = expected.number) <> 1
            """)
        .size();
  }
}
