package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingConfig;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.LogCapture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Without TLS only when asked to, and then loudly; without a CA file the JVM's trust store. */
@Tag("broker")
final class InsecureTest {

  @Test
  void start_allowInsecure_connectsAndWarnsLoudly() {
    try (EmbeddedBroker broker = EmbeddedBroker.builder().insecure().allowAnonymous().build();
        LogCapture log = LogCapture.start()) {
      broker.start();
      try (DefaultBillingClient client =
          Clients.start(
              BillingConfig.builder()
                  .host("localhost")
                  .port(broker.port())
                  .journalInMemory(1 << 20)
                  .allowInsecure())) {
        Clients.await(client, status -> status.state() == ConnectionState.CONNECTED);

        assertThat(log.text().lines())
            .anyMatch(line -> line.startsWith("WARN") && line.contains("TLS IS OFF"));
      }
    }
  }

  @Test
  void start_withoutCaFile_trustsTheJvmsStoreAndNobodyElse() {
    try (EmbeddedBroker broker =
        EmbeddedBroker.builder()
            .tls(CertificateAuthority.create("Private CA").issueServer("localhost"))
            .allowAnonymous()
            .build()) {
      broker.start();
      try (DefaultBillingClient client =
          Clients.start(
              BillingConfig.builder()
                  .host("localhost")
                  .port(broker.port())
                  .journalInMemory(1 << 20))) {
        ClientStatus status = Clients.await(client, now -> now.lastProblem() != null);

        assertThat(Clients.problem(status).message())
            .isEqualTo(
                "TLS: the certificate of localhost is not from a CA that this client trusts");
      }
    }
  }
}
