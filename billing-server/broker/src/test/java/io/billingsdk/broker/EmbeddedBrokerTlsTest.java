package io.billingsdk.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Its data directory has a name that XML and the broker's own placeholders would misread. */
@Tag("broker")
final class EmbeddedBrokerTlsTest {

  private static final CertificateAuthority AUTHORITY = CertificateAuthority.create("server CA");
  private static final CertificateAuthority CLIENTS = CertificateAuthority.create("client CA");
  private static final char[] STORE_PASSWORD = "changeit".toCharArray();

  private static final List<RefusedClient> REFUSED = new CopyOnWriteArrayList<>();

  @TempDir static Path directory;
  private static EmbeddedBroker plainTls;
  private static EmbeddedBroker mutualTls;

  @BeforeAll
  static void start() {
    Path odd = directory.resolve("a & b <c> '${NOT_SET}' \"d\" $1");
    plainTls =
        builder()
            .tls(AUTHORITY.issueServer("localhost", "127.0.0.1"))
            .dataDirectory(odd)
            .onRefused(REFUSED::add)
            .build();
    mutualTls =
        builder().tls(AUTHORITY.issueServer("localhost")).clientCertificatesFrom(CLIENTS).build();
    plainTls.start();
    mutualTls.start();
  }

  @AfterAll
  static void stop() throws Exception {
    plainTls.close();
    mutualTls.close();
    try (Stream<Path> left = Files.walk(directory)) {
      assertThat(left.filter(path -> path.toString().endsWith(".p12"))).isEmpty();
    }
  }

  @Test
  void connect_rightAuthority_isAccepted() throws Exception {
    Mqtt5BlockingClient client = Mqtt.tls(plainTls.port(), AUTHORITY, null, "u", "p");

    assertThat(client.connect().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);
    client.disconnect();
  }

  @Test
  void connect_otherAuthority_failsTheHandshake() throws Exception {
    Mqtt5BlockingClient client = Mqtt.tls(plainTls.port(), CLIENTS, null, "u", "p");

    REFUSED.clear();
    assertThatThrownBy(client::connect).hasCauseInstanceOf(SSLException.class);
    assertThat(refused().subject()).contains("unknown");
  }

  @Test
  void connect_withoutTlsOrHalfOfIt_isToldAsAFailedHandshake() throws Exception {
    for (String sent : List.of("GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001")) {
      REFUSED.clear();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), plainTls.port())) {
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        if (sent.startsWith("GET")) {
          assertThat(refused().subject()).isEqualTo("it did not send TLS");
        }
      }
    }
  }

  @Test
  void connect_andAwayAgain_isNoRefusal() throws Exception {
    REFUSED.clear();
    for (int i = 0; i < 20; i++) {
      new Socket(InetAddress.getLoopbackAddress(), plainTls.port()).close();
    }
    Mqtt5BlockingClient client = Mqtt.tls(plainTls.port(), AUTHORITY, null, "u", "p");
    client.connect();
    client.disconnect();
    assertThat(REFUSED).isEmpty();
  }

  private static RefusedClient refused() {
    RefusedClient told =
        await().until(() -> REFUSED.stream().findFirst().orElse(null), each -> each != null);
    assertThat(told.reason()).isEqualTo(RefusedClient.Reason.TLS);
    assertThat(told.address()).isEqualTo("127.0.0.1");
    return told;
  }

  @Test
  void connect_mutualTlsWithoutCertificate_isRefused() throws Exception {
    Mqtt5BlockingClient client = Mqtt.tls(mutualTls.port(), AUTHORITY, null, "u", "p");

    assertThatThrownBy(client::connect).isNotNull();
    assertThat(mutualTls.connectedClients()).isEmpty();
  }

  @Test
  void connect_mutualTlsWithCertificate_isAccepted() throws Exception {
    Path store = directory.resolve("client-store");
    CLIENTS.issueClient("collector").writeKeyStore(store, STORE_PASSWORD);
    Mqtt5BlockingClient client =
        Mqtt.tls(mutualTls.port(), AUTHORITY, Mqtt.keys(store, STORE_PASSWORD), "u", "p");

    assertThat(client.connect().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);
    client.disconnect();
  }

  @Test
  void connect_mutualTlsWithServerCertificate_isRefused() throws Exception {
    Path store = directory.resolve("server-store");
    CLIENTS.issueServer("localhost").writeKeyStore(store, STORE_PASSWORD);
    Mqtt5BlockingClient client =
        Mqtt.tls(mutualTls.port(), AUTHORITY, Mqtt.keys(store, STORE_PASSWORD), "u", "p");

    assertThatThrownBy(client::connect).isNotNull();
  }

  @Test
  void toString_always_tellsWhereAndNoPassword() {
    assertThat(plainTls.toString())
        .isEqualTo("EmbeddedBroker[mqtts://127.0.0.1:" + plainTls.port() + "]");
  }

  private static EmbeddedBrokerBuilder builder() {
    return EmbeddedBroker.builder().user("u", "p", List.of());
  }
}
