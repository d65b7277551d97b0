package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Billing;
import io.billingsdk.testkit.LocalBillingServer;
import io.billingsdk.testkit.LocalKey;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A block of docs/testing-your-service.md, with a whole server. */
@Tag("system")
class LocalServerTest {

  @Test
  void ledger_afterClose_hasTheUsage() {
    // region local
    try (LocalBillingServer server = LocalBillingServer.launch()) { // takes some seconds
      LocalKey key = server.createKey("ada");
      Billing.start(server.config("gateway-1").build());
      Billing.reportUsage(key.apiKey(), "llm", "gpt-4", 150);
      assertThat(Billing.close(Duration.ofMinutes(1)).complete()).isTrue();
      assertThat(server.usageOf("ada").usage()).isEqualByComparingTo("150");
    }
    // endregion
  }
}
