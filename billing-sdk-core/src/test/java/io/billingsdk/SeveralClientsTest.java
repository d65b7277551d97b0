package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.ReportOutcome.Rejected;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients beside the one of {@link Billing}, none of which ever meets a broker. */
@Timeout(60)
final class SeveralClientsTest {
  private static final UsageEvent EVENT = UsageEvent.of("sk-1", "llm", "gpt-4", 1);

  @TempDir private Path directory;

  private BillingConfigBuilder config() {
    return config(directory);
  }

  private static BillingConfigBuilder config(Path journal) {
    return BillingConfig.builder()
        .host("127.0.0.1")
        .port(unusedPort())
        .allowInsecure()
        .journalMinFreeBytes(0)
        .journalDirectory(journal);
  }

  private static int unusedPort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException noPort) {
      throw new IllegalStateException(noPort);
    }
  }

  @Test
  void create_notStarted_takesNothingAndTouchesNothing() {
    Path journal = directory.resolve("journal");
    BillingClient client = BillingClient.create(config(journal).build());
    assertThat(client.status().state()).isEqualTo(ConnectionState.NOT_STARTED);
    assertThat(((Rejected) client.report(EVENT)).reason()).isEqualTo(RejectionReason.NOT_STARTED);
    assertThatThrownBy(() -> client.reportDurably(EVENT).get())
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("NOT_STARTED");
    assertThat(((Denied) client.check("sk-1")).reason()).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(client.flush(Duration.ofHours(1)).complete()).isTrue();
    assertThat(client.close(Duration.ofHours(1)).complete()).isTrue();
    assertThat(client.status().state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(((Rejected) client.report(EVENT)).reason()).isEqualTo(RejectionReason.CLOSED);
    assertThatThrownBy(client::start)
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("was closed; create another");
    assertThat(Files.exists(journal)).isFalse();
  }

  @Test
  void create_twoInOneProcess_haveStreamsOfTheirOwnAndLeaveTheGlobalOneAlone() {
    assertThat(Billing.client()).isEmpty();
    try (BillingClient one = BillingClient.create(config().build());
        BillingClient other = BillingClient.create(config().build())) {
      one.start();
      other.start();
      Accepted ofOne = (Accepted) one.report(EVENT);
      Accepted ofOther = (Accepted) other.report(EVENT);
      assertThat(ofOne.stream()).isNotEqualTo(ofOther.stream());
      assertThat(Billing.client()).isEmpty();
      assertThat(Billing.reportUsage("sk-1", "llm", "gpt-4", 1).accepted()).isFalse();
      assertThat(one.close(Duration.ZERO).held()).isEqualTo(1);
      assertThat(other.report(EVENT).accepted()).as("it lives on").isTrue();
      assertThat(other.close(Duration.ZERO).lost()).isZero();
    }
  }

  @Test
  void start_twice_isRefusedAndTheFirstGoesOn() {
    try (BillingClient client = BillingClient.create(config().build())) {
      client.start();
      assertThatThrownBy(client::start)
          .isInstanceOf(BillingException.class)
          .hasMessageContaining("started already");
      assertThat(client.report(EVENT).accepted()).isTrue();
      client.close(Duration.ZERO);
    }
  }

  @Test
  void start_afterAFailure_asksForAnotherClient() throws IOException {
    Path file = Files.createFile(directory.resolve("journal"));
    BillingClient client = BillingClient.create(config(file).build());
    assertThatThrownBy(client::start)
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("journalDirectory");
    assertThat(client.status().state()).isEqualTo(ConnectionState.NOT_STARTED);
    assertThat(((Rejected) client.report(EVENT)).reason()).isEqualTo(RejectionReason.NOT_STARTED);
    assertThatThrownBy(client::start)
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("has failed; create another");
    assertThat(client.close(Duration.ZERO).complete()).isTrue();
  }
}
