package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.ledger.LedgerFeature;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that has another id, as after the restore of a backup. */
@Tag("postgres")
class AfterRestoreTest {
  private static final String RESUME = "/api/v1/invoices/resume";

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

  private Reply resume(String series, int number) {
    String body = "{\"lastNumbers\":[{\"series\":\"%s\",\"number\":%d}]}";
    return world.http.send("POST", RESUME, body.formatted(series, number));
  }

  @Test
  void run_afterARestore_issuesNothingUntilItIsResumed_thenAfterTheNumbersThatWereSentOut()
      throws Exception {
    world.plain();
    world.run();
    world.used("c");
    UUID renewed = LedgerFeature.renewId(world.database);
    assertThat(renewed).isNotNull();
    assertThat(new InvoiceNumbering(world.database).isSuspended()).isTrue();
    assertThat(world.run()).isEqualTo(new Progress(0, 0, 0, 1, 0));
    assertThat(world.http.get("/api/v1/invoices/failures").json().at("/items/0/reason").asText())
        .contains("billing invoices resume --last-number SERIES=N");
    assertThat(world.of("c")).isEmpty();

    for (Reply refused :
        new Reply[] {
          world.http.send("POST", RESUME, "{}"), resume("acme", 0), resume("other", 5)
        }) {
      assertThat(refused.status()).isBetween(400, 499);
      assertThat(refused.body()).contains("\"field\":\"lastNumber\"");
    }
    assertThat(new InvoiceNumbering(world.database).isSuspended()).isTrue();

    Reply resumed = resume("acme", 41);
    assertThat(resumed.status()).as(resumed.body()).isEqualTo(200);
    assertThat(resumed.json().path("suspended").asBoolean()).isFalse();
    assertThat(resumed.json().at("/series/0/lastNumber").asInt()).isEqualTo(41);
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    assertThat(world.of("c")).extracting(Issued::number).containsExactly("acme~c-000001");
    assertThat(world.http.get("/api/v1/audit?limit=20").body()).contains("invoice.resume");
    assertThat(resume("acme", 50).body()).contains("not suspended");
  }

  @Test
  void number_afterAResume_followsTheLastOneThatWasSentOut() throws Exception {
    LedgerFeature.renewId(world.database);
    world.plain();
    assertThat(world.run()).isEqualTo(new Progress(0, 0, 0, 1, 0));
    assertThat(resume("acme", 7).status()).isEqualTo(200);
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    assertThat(world.of("plain")).extracting(Issued::number).containsExactly("acme-000008");
  }

  @Test
  void resume_withTheNumberThatIsKnown_isTaken_andSkippedNumbersAreNoGap() throws Exception {
    world.plain();
    world.run();
    LedgerFeature.renewId(world.database);
    assertThat(resume("acme", 1).status()).isEqualTo(200);
    LedgerFeature.renewId(world.database);
    assertThat(resume("acme", 9).status()).isEqualTo(200);
    Reply books = world.http.get("/api/v1/invoices/verification");
    assertThat(books.json().path("differences")).as(books.body()).isEmpty();
  }
}
