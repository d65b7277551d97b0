package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.ReportOutcome.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that is switched off. */
@Timeout(60)
final class DisabledClientTest {
  private static final UsageEvent EVENT = UsageEvent.of("sk-1", "llm", "gpt-4", 1);

  @TempDir private Path directory;

  private BillingConfigBuilder off() {
    return BillingConfig.builder().enabled(false).journalDirectory(directory.resolve("journal"));
  }

  private static BillingClient started(BillingConfigBuilder config) {
    BillingClient client = BillingClient.create(config.build());
    client.start();
    return client;
  }

  @Test
  void report_switchedOff_isValidatedCountedAndDropped() throws Exception {
    try (BillingClient client = started(off())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.report(EVENT).accepted()).isTrue();
      }
      assertThat(client.reportDurably(EVENT).get(1, TimeUnit.MINUTES).seq()).isEqualTo(4);
      assertThat(client.report(UsageEvent.of("sk-1", "llm", "gpt-4", -1)).accepted()).isFalse();
      ClientStatus status = client.status();
      assertThat(status.state()).isEqualTo(ConnectionState.DISABLED);
      assertThat(status.delivery().accepted()).isEqualTo(4);
      assertThat(status.delivery().dropped()).isEqualTo(4);
      assertThat(status.delivery().pending()).isZero();
      assertThat(status.delivery().rejected()).containsOnlyKeys(RejectionReason.INVALID);
      assertThat(client.flush(Duration.ofHours(1)).complete()).isFalse();
    }
  }

  @Test
  void start_switchedOff_makesNoFileAndNoThread() throws IOException {
    List<String> before = threads();
    try (BillingClient client = started(off())) {
      assertThat(client.report(EVENT).accepted()).isTrue();
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files).isEmpty();
      }
      assertThat(threads()).containsExactlyInAnyOrderElementsOf(before);
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("billing-"))
        .toList();
  }

  @Test
  void check_switchedOffByDefault_refusesEveryKey() {
    try (BillingClient client = started(off())) {
      assertThat(client.check("sk-1"))
          .isInstanceOfSatisfying(
              Denied.class,
              denied -> assertThat(denied.reason()).isEqualTo(DenialReason.UNAVAILABLE));
      assertThat(client.awaitReady(Duration.ofHours(1))).isFalse();
    }
  }

  @Test
  void check_switchedOffAndAllowing_allowsWellFormedKeysAlone() {
    try (BillingClient client = started(off().whenDisabled(WhenDisabled.ALLOW))) {
      assertThat(client.check("sk-1", "any-model"))
          .isInstanceOfSatisfying(
              Allowed.class,
              allowed -> {
                assertThat(allowed.caller().appId()).isEqualTo("disabled");
                assertThat(allowed.caller().keyId()).startsWith("k_").doesNotContain("sk-1");
              });
      assertThat(client.check(" "))
          .isInstanceOfSatisfying(
              Denied.class, denied -> assertThat(denied.reason()).isEqualTo(DenialReason.MISSING));
      assertThat(client.check("two words"))
          .isInstanceOfSatisfying(
              Denied.class, denied -> assertThat(denied.reason()).isEqualTo(DenialReason.INVALID));
      assertThat(client.awaitReady(Duration.ofHours(1))).isTrue();
    }
  }

  @Test
  void lifecycle_switchedOff_isThatOfEveryClient() {
    BillingClient client = BillingClient.create(off().whenDisabled(WhenDisabled.ALLOW).build());
    assertThat(client.status().state()).isEqualTo(ConnectionState.NOT_STARTED);
    assertThat(((Rejected) client.report(EVENT)).reason()).isEqualTo(RejectionReason.NOT_STARTED);
    assertThat(client.check("sk-1")).isInstanceOf(Denied.class);
    client.start();
    assertThatThrownBy(client::start).isInstanceOf(BillingException.class);
    client.close();
    assertThat(client.status().state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(client.check("sk-1")).isInstanceOf(Denied.class);
    assertThat(((Rejected) client.report(EVENT)).reason()).isEqualTo(RejectionReason.CLOSED);
    assertThatThrownBy(client::start).isInstanceOf(BillingException.class);
  }

  @Test
  void build_switchedOff_needsNoHost() {
    BillingConfig config = BillingConfig.builder().enabled(false).build();
    assertThat(config.enabled()).isFalse();
    assertThat(config.host()).isEmpty();
    assertThat(config.whenDisabled()).isEqualTo(WhenDisabled.DENY);
    assertThat(config.toString()).contains("enabled=false", "whenDisabled=deny");
  }
}
