package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.ClientStatus;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.UsageEvent;
import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.broker.EmbeddedBroker;
import io.billingsdk.broker.TopicRule;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.Tls11Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client refuses of a broker, and how it takes being refused. */
@Tag("broker")
final class TlsRefusalsTest {
  private final Instant now = Instant.now();
  private static int refusals;
  private static int handshakes;
  private static int tlsHandshakes;

  @TempDir Path directory;
  private final CertificateAuthority authority = CertificateAuthority.create("Test CA");

  @AfterAll
  static void printProof() {
    Proof.of("tls-refusals")
        .with("refused", refusals)
        .with("retries_seen", handshakes)
        .with("of_them_in_the_clear", handshakes - tlsHandshakes)
        .print();
  }

  @Test
  void connect_certificateForAnotherHost_isRefused() throws Exception {
    IssuedCertificate other = authority.issueServer("other.example");

    assertThat(problemWith(other, authority).message())
        .isEqualTo("TLS: the certificate that the broker shows is not for the host name localhost");
  }

  @Test
  void connect_certificateOfUnknownAuthority_isRefused() throws Exception {
    IssuedCertificate foreign = CertificateAuthority.create("Foreign").issueServer("localhost");

    assertThat(problemWith(foreign, authority).message())
        .isEqualTo("TLS: the certificate of localhost is not from a CA that this client trusts");
  }

  @Test
  void connect_expiredCertificate_isRefused() throws Exception {
    IssuedCertificate expired =
        authority.issueServer(
            List.of("localhost"), now.minus(Duration.ofDays(30)), now.minus(Duration.ofDays(1)));

    assertThat(problemWith(expired, authority).message())
        .startsWith("TLS: the certificate of localhost has expired");
  }

  @Test
  void connect_serverWithTls11Only_isRefused() throws Exception {
    Path keyStore = directory.resolve("server.p12");
    authority.issueServer("localhost").writeKeyStore(keyStore, "secret".toCharArray());
    try (Tls11Server server = Tls11Server.start(keyStore, "secret".toCharArray());
        DefaultBillingClient client = Clients.start(trusting(authority, server.port()))) {
      assertThat(tlsProblem(client).message())
          .isEqualTo("TLS: localhost offers neither TLS 1.3 nor TLS 1.2");
    }
  }

  @Test
  void connect_serverWithoutTls_isRefusedAndNothingIsSentInTheClear() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        DefaultBillingClient client = Clients.start(trusting(authority, plain.getLocalPort()))) {
      client.report(UsageEvent.of("sk-secret", "llm", "gpt-4", 1));
      // Two attempts: neither falls back.
      for (int attempt = 0; attempt < 2; attempt++) {
        try (Socket accepted = plain.accept()) {
          InputStream input = accepted.getInputStream();
          handshakes++;
          assertThat(input.read()).as("content type of a TLS handshake").isEqualTo(22);
          assertThat(input.read()).as("major version").isEqualTo(3);
          tlsHandshakes++;
          accepted
              .getOutputStream()
              .write("this is not TLS\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
      assertThat(tlsProblem(client).message())
          .isEqualTo("TLS: localhost answers without TLS; is this the port of its TLS listener?");
    }
  }

  @Test
  void connect_clientCertificateDemanded_isRefusedWithoutAndAcceptedWith() throws Exception {
    IssuedCertificate own = authority.issueClient("service-1");
    Path certificate = directory.resolve("client.pem");
    Path key = directory.resolve("client-key.pem");
    own.writeCertificatePem(certificate);
    own.writeKeyPem(key);
    try (EmbeddedBroker broker = broker(authority.issueServer("localhost"), authority)) {
      broker.start();
      try (DefaultBillingClient without = Clients.start(trusting(authority, broker.port()));
          DefaultBillingClient with =
              Clients.start(
                  trusting(authority, broker.port()).clientCertificate(certificate, key))) {
        Clients.await(with, status -> status.state() == ConnectionState.CONNECTED);
        ClientStatus refused = Clients.await(without, status -> status.lastProblem() != null);

        assertThat(refused.state()).isEqualTo(ConnectionState.DISCONNECTED);
        refusals++;
      }
    }
  }

  @Test
  void connect_wrongPassword_isUnauthorizedQuietAndTriedRarely() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory)) {
      broker.start();
      try (FaultProxy proxy = FaultProxy.to(broker.port());
          LogCapture log = LogCapture.start();
          DefaultBillingClient client =
              Clients.start(
                  Clients.config(broker, proxy.port())
                      .credentials(Role.SDK.user(), "not-the-password"))) {
        ClientStatus status =
            Clients.await(client, now -> now.state() == ConnectionState.UNAUTHORIZED);
        // Ten seconds in which a hot loop would make hundreds of attempts.
        Awaitility.await()
            .during(Duration.ofSeconds(10))
            .atMost(Duration.ofSeconds(12))
            .until(() -> proxy.connections() == 1);

        assertThat(Clients.problem(status).kind()).isEqualTo(ProblemKind.UNAUTHORIZED);
        assertThat(linesAtWarn(log)).isEqualTo(1);
        assertThat(log.text()).doesNotContain("not-the-password");
        refusals++;
        Proof.of("wrong-password")
            .with("state", status.state())
            .with("attempts_in_10_s", proxy.connections())
            .with("warn_lines", linesAtWarn(log))
            .print();
      }
    }
  }

  private static long linesAtWarn(LogCapture log) {
    return log.text()
        .lines()
        .filter(line -> line.contains("io.billingsdk.Connection") && line.contains("WARN"))
        .count();
  }

  private ClientStatus.Problem problemWith(IssuedCertificate shown, CertificateAuthority trusted)
      throws Exception {
    try (EmbeddedBroker broker = broker(shown, null)) {
      broker.start();
      try (DefaultBillingClient client = Clients.start(trusting(trusted, broker.port()))) {
        return tlsProblem(client);
      }
    }
  }

  private static ClientStatus.Problem tlsProblem(DefaultBillingClient client) {
    ClientStatus status = Clients.await(client, now -> now.lastProblem() != null);
    assertThat(status.state()).isEqualTo(ConnectionState.DISCONNECTED);
    ClientStatus.Problem problem = Clients.problem(status);
    assertThat(problem.kind()).isEqualTo(ProblemKind.TLS);
    refusals++;
    return problem;
  }

  private BillingConfigBuilder trusting(CertificateAuthority trusted, int port) throws IOException {
    Path ca = directory.resolve("ca-" + port + ".pem");
    trusted.writeCertificate(ca);
    return BillingConfig.builder()
        .host("localhost")
        .port(port)
        .caCertificates(ca)
        .journalInMemory(1 << 20)
        .credentials("sdk", "password-1");
  }

  private static EmbeddedBroker broker(
      IssuedCertificate shown, @org.jspecify.annotations.Nullable CertificateAuthority clients) {
    var builder =
        EmbeddedBroker.builder()
            .tls(shown)
            .user(
                "sdk",
                "password-1",
                List.of(new TopicRule("billing/#", /* publish= */ true, /* subscribe= */ true)));
    return (clients == null ? builder : builder.clientCertificatesFrom(clients)).build();
  }
}
