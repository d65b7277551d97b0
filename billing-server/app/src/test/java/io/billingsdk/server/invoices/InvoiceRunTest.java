package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.SpanRows.SettledSpan;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds up a span, and that it holds up no other. */
@Tag("postgres")
class InvoiceRunTest {
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");

  @TempDir Path directory;

  private InvoiceWorld world;

  @BeforeEach
  void start() {
    world = new InvoiceWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void run_withSpansOfACustomerWithoutSeller_makesNoCut_andWaitsLongerEachTime() throws Exception {
    world.used("a");
    world.http.world().execute("UPDATE customer SET seller_id = NULL WHERE customer_id = 'a'");
    world.move("a", APRIL);
    String cuts = "SELECT count(*) FROM ledger_cut";
    long before = world.http.world().count(cuts);
    assertThat(world.run()).isEqualTo(new Progress(0, 0, 0, 1, 0));
    assertThat(world.timed()).isEqualTo(Progress.NONE);
    assertThat(world.run()).isEqualTo(new Progress(0, 0, 0, 1, 0));
    assertThat(world.http.world().count(cuts)).isEqualTo(before);
    assertThat(world.invoices().failures(new UUID(0, 0), 0, 10))
        .singleElement()
        .satisfies(each -> assertThat(each.times()).isEqualTo(2));
    world.sell("a");
    assertThat(world.run()).isEqualTo(new Progress(2, 0, 0, 0, 0));
  }

  /** A statement that ends so for one customer, as one that takes too long does. */
  private void refuse(String table, String customer, String when) throws SQLException {
    world
        .http
        .world()
        .execute(
            """
            CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.customer_id = '%s' AND %s THEN
                RAISE EXCEPTION 'planted' USING ERRCODE = '57014';
              END IF;
              RETURN NEW;
            END $$
            """
                .formatted(customer, when));
    world
        .http
        .world()
        .execute(
            "CREATE TRIGGER planted BEFORE INSERT ON "
                + table
                + " FOR EACH ROW EXECUTE FUNCTION planted()");
  }

  @Test
  void run_withAStatementThatIsCutOff_billsTheOthers_andNotesIt() throws Exception {
    world.used("a");
    world.used("b");
    // The limit of the server is in force, too.
    refuse("invoice", "a", "current_setting('statement_timeout') = '45s'");
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 1, 0));
    assertThat(world.of("b")).hasSize(1);
    assertThat(world.invoices().failures(new UUID(0, 0), 0, 10))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.reason())
                    .isEqualTo("the database did not do it, with SQLSTATE 57014"));
  }

  @Test
  void job_withAnAskedRunThatFails_endsItWithItsReason_andBillsTheOthers() throws Exception {
    world.used("a");
    world.used("b");
    new Spans(world.database).noteOf("b");
    refuse("invoice_span", "a", "true");
    UUID asked = world.invoices().askForRun("a");
    InvoiceJob job = new InvoiceJob(world.database, InvoiceWorld.TABLE);
    job.run();
    assertThat(world.of("b")).hasSize(1);
    assertThat(world.invoices().run(asked).finishedAt()).isNull();
    job.run();
    job.run();
    JsonNode run = world.http.get("/api/v1/invoices/runs/" + asked).json();
    assertThat(run.path("finished").asBoolean()).isTrue();
    assertThat(run.path("failures").asInt()).isEqualTo(3);
    assertThat(run.path("failure").asText()).contains("SQLSTATE 57014");
  }

  @Test
  void progress_afterAnEarlierAttempt_addsWhatIsBilled_andNotWhatFails() {
    assertThat(new Progress(1, 2, 3, 4, 5).after(new Progress(10, 20, 30, 40, 50)))
        .isEqualTo(new Progress(11, 22, 33, 4, 5));
  }

  @Test
  void run_withMissingNumbers_issuesAFeeAtOnce_andWaitsWithUsage() throws Exception {
    world.plain();
    world.use("plain", Instant.now().truncatedTo(ChronoUnit.MILLIS), "1");
    // As of an instance that has not said how far it is.
    world.http.world().execute("UPDATE stream SET origin = 'v2' WHERE stream_id <> 0");
    new Spans(world.database).noteAll();
    String begin = "UPDATE invoice_span SET valid_from = valid_to - interval '%s'";
    world.http.world().execute(begin.formatted("1 hour"));
    assertThat(world.run()).isEqualTo(new Progress(0, 0, 0, 0, 1));
    world.http.world().execute(begin.formatted("0 hours"));
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    JsonNode document = InvoiceWorld.document(world.of("plain").get(0));
    assertThat(document.at("/pinned/streamsComplete").asBoolean(true)).isFalse();
  }

  @Test
  void completeness_withinAMinute_remembersWhatItSaw() throws Exception {
    world.plain();
    world.use("plain", Instant.now().truncatedTo(ChronoUnit.MILLIS), "1");
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    Completeness completeness = new Completeness(world.database, nanos::get);
    List<AppSpan> apps = new Customers(world.database, InvoiceWorld.TESTER).spans("plain");
    assertThat(completeness.of(apps)).isTrue();
    world.http.world().execute("UPDATE stream SET origin = 'v2' WHERE stream_id <> 0");
    assertThat(completeness.of(apps)).isTrue();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(completeness.of(apps)).isFalse();
  }

  @Test
  void run_withTimeFromBeforeTheFirstStart_neverBillsIt() throws Exception {
    world.plain();
    String first = "UPDATE invoice_start SET bill_from = now() %s interval '1 hour'";
    world.http.world().execute(first.formatted("+"));
    new Spans(world.database).noteAll();
    world.http.world().execute(first.formatted("-"));
    assertThat(world.run()).isEqualTo(Progress.NONE);
    // With a length, so that late usage of it could come onto a later invoice.
    world.http.world().execute("UPDATE invoice_span SET valid_from = valid_to - interval '1 day'");
    UUID id = Bills.subscriptions(world.database).of("plain").get(0).id();
    List<SettledSpan> earlier = world.database.read(handle -> SpanRows.settled(handle, id));
    assertThat(earlier).isEmpty();
    assertThat(world.http.world().count("SELECT count(*) FROM invoice_span WHERE state = 'empty'"))
        .isEqualTo(1);
  }

  @Test
  void customer_withoutClock_waitsForTheGrace() throws Exception {
    world.plain();
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    assertThat(world.of("plain")).extracting(Issued::number).containsExactly("acme-000001");
  }
}
