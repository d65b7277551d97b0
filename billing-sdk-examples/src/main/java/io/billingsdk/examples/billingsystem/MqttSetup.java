package io.billingsdk.examples.billingsystem;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.TrustManagerFactory;

/** An MQTT client over TLS that reconnects by itself. */
final class MqttSetup {
  private static final int TIMEOUT_SECONDS = 30;
  private static final int PAUSE_SECONDS = 1;

  private MqttSetup() {}

  /**
   * A client that is not connected.
   *
   * @param reconnect asked after each end of a connection
   */
  static Mqtt5AsyncClient client(BrokerLogin broker, BooleanSupplier reconnect) throws IOException {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier("billing-system")
        .serverHost(broker.host())
        .serverPort(broker.port())
        // No verifier of our own: giving one would turn the built-in check of the host name off.
        .sslConfig()
        .trustManagerFactory(trust(broker.ca()))
        .protocols(List.of("TLSv1.3", "TLSv1.2"))
        .handshakeTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .applySslConfig()
        // On the client: a reconnect does not repeat what was given to the first connect alone.
        .simpleAuth()
        .username(broker.credentials().username())
        .password(broker.credentials().password().getBytes(StandardCharsets.UTF_8))
        .applySimpleAuth()
        // Not the automatic one: it would hide a wrong password behind a first connect that never
        // ends. The library subscribes anew after this.
        .addDisconnectedListener(
            ended ->
                ended
                    .getReconnector()
                    .reconnect(reconnect.getAsBoolean())
                    .delay(PAUSE_SECONDS, TimeUnit.SECONDS))
        .buildAsync();
  }

  private static TrustManagerFactory trust(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, ca);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException malformed) {
      throw new IOException("cannot use the CA in " + pem, malformed);
    }
  }
}
