package io.billingsdk.examples.shaded;

import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.DrainReport;
import io.billingsdk.Protocol;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs in a JVM that has the relocated jar and no Netty: delivers one event, to a broker that has
 * no billing system to negotiate with.
 */
final class ShadedProbe {
  private ShadedProbe() {}

  /** Port, CA file, user, password. */
  public static void main(String[] arguments) {
    Billing.start(
        BillingConfig.builder()
            .host("localhost")
            .port(Integer.parseInt(arguments[0]))
            .caCertificates(Path.of(arguments[1]))
            .credentials(arguments[2], arguments[3])
            .protocol(Protocol.V1)
            .journalInMemory(1 << 20)
            .build());
    Billing.reportUsage("key", "llm", "gpt-4", 1);
    DrainReport report = Billing.close(Duration.ofSeconds(60));
    System.out.println(report);
    System.exit(report.complete() && report.delivered() == 1 ? 0 : 1);
  }
}
