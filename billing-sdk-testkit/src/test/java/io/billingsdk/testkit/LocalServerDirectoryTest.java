package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingClient;
import io.billingsdk.KeyDecision;
import io.billingsdk.testbed.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that a test starts in a directory, or from a jar, that it names. */
@Tag("system")
final class LocalServerDirectoryTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @TempDir Path directory = Path.of("");

  @Test
  void directory_thatIsKept_isServedAgain() {
    Path kept = directory.resolve("server");
    LocalKey key;
    try (LocalBillingServer server = LocalBillingServer.builder().directory(kept).start()) {
      key = server.createKey("ada");
      // Left as a test leaves it that is killed.
      server.kill();
    }
    assertThat(kept).exists();
    try (LocalBillingServer server = LocalBillingServer.builder().directory(kept).start();
        BillingClient client = BillingClient.create(server.config("service-1").build())) {
      client.start();
      assertThat(client.awaitReady(TIMEOUT)).isTrue();
      Await.until(() -> client.check(key.apiKey()) instanceof KeyDecision.Allowed);
    }
  }

  @Test
  void start_jarIsNone_saysWhatToDo() throws Exception {
    Path none = Files.createFile(directory.resolve("none.jar"));
    Path home = directory.resolve("none");
    assertThatThrownBy(() -> LocalBillingServer.builder().jar(none).directory(home).start())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("did not start")
        .hasMessageContaining("io.billingsdk:billing-cli")
        .hasMessageContaining("server.log");
  }
}
