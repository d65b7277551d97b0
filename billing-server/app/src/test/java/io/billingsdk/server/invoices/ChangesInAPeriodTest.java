package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.Verification.Result;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several changes of a subscription within one billing period: January 2027, of 31 days. */
@Tag("postgres")
class ChangesInAPeriodTest {
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

  private UUID began(String plan) {
    world.customer("c", "UTC", january(1));
    return world.subscribe("c", plan).id();
  }

  private static Instant january(int day) {
    return Instant.parse("2027-01-01T00:00:00Z").plusSeconds((day - 1) * 86_400L);
  }

  private void moveTo(int day) {
    new CustomerClocks(world.database).moveTo(InvoiceWorld.TESTER, "c", january(day));
  }

  private List<String> nets(String kind) {
    List<String> nets = new ArrayList<>();
    for (Issued each : world.of("c")) {
      for (JsonNode line : InvoiceWorld.document(each).path("lines")) {
        if (line.path("kind").asText().equals(kind)) {
          nets.add(line.path("net").asText());
        }
      }
    }
    return nets;
  }

  private void identical() {
    assertThat(world.of("c"))
        .allSatisfy(
            each ->
                assertThat(world.invoices().verify(each.number()).result())
                    .isEqualTo(Result.IDENTICAL));
  }

  @Test
  void run_withAPauseInAPeriodWithACommitment_countsTheFeesOfEachPart() throws Exception {
    UUID id = began("committed");
    moveTo(11);
    SubscriptionTime.pause(world.database, id);
    moveTo(21);
    SubscriptionTime.resume(world.database, id);
    world.move("c", Instant.parse("2027-02-02T00:00:00Z"));
    assertThat(world.run()).isEqualTo(new Progress(4, 0, 0, 0, 0));

    // 30 - 20.32 = 9.68 of the 32.26 for 10 days; 10.65 of the 35.48 for 11 days.
    assertThat(nets("true_up")).containsExactly("22.58", "24.83");
    assertThat(nets("advance")).containsExactly("30.00", "10.65", "30.00");
    assertThat(nets("credit")).containsExactly("-20.32");
    identical();
  }

  @Test
  void draft_afterADowngrade_showsASumBelowZero() throws Exception {
    UUID id = began("large");
    world.run();
    moveTo(2);
    SubscriptionTime.switchNow(world.database, id, "small");
    JsonNode draft = CanonicalJson.stored(world.invoices().draft("c"));
    assertThat(draft.at("/totals/net").asText()).isEqualTo("-24.19");
  }

  @Test
  void run_withAPlanThatComesBackBeforeACancellation_creditsTheSumOfTheLines() throws Exception {
    UUID id = began("large");
    assertThat(world.run()).isEqualTo(new Progress(1, 0, 0, 0, 0));
    moveTo(2);
    SubscriptionTime.switchNow(world.database, id, "small");
    moveTo(3);
    SubscriptionTime.switchNow(world.database, id, "large");
    moveTo(4);
    SubscriptionTime.cancelNow(world.database, id);
    moveTo(5);
    assertThat(world.run()).isEqualTo(new Progress(1, 1, 0, 0, 0));

    // -29.03 + 4.84 - 4.68 + 28.06 - 27.09 = -27.90, on two documents. Of 28.06, 0.97 are
    // kept for the one day.
    assertThat(nets("reduction")).containsExactly("29.03");
    assertThat(nets("advance")).containsExactly("30.00", "4.84", "28.06");
    assertThat(nets("credit")).containsExactly("-4.68", "-27.09");
    assertThat(world.of("c").get(1).net()).isEqualByComparingTo("1.13");
    identical();
  }
}
