package io.billingsdk.peers;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.Protocol;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Role;
import java.util.Map;

/** Ours: the journal on disk, over TLS. */
final class BillingReporter implements Reporter {
  private final BillingClient client;

  BillingReporter(Target target) {
    client =
        BillingClient.create(
            BillingConfig.builder()
                .host("localhost")
                .port(target.port())
                .caCertificates(target.authority())
                .credentials(Role.SDK.user(), Role.SDK.password())
                .protocol(Protocol.V2)
                .journalDirectory(target.directory())
                .build());
    client.start();
  }

  @Override
  public boolean report(String id) {
    return client.report(
            UsageEvent.of(Sample.KEY, Sample.MODULE, Sample.MODEL, Sample.TOKENS)
                .withMetadata(Map.of("id", id, "tenant", "t-17")))
        instanceof ReportOutcome.Accepted;
  }

  @Override
  public void close() {
    client.close();
  }
}
