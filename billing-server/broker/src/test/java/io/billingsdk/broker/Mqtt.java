package io.billingsdk.broker;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedListener;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** MQTT clients of the tests. */
final class Mqtt {

  private Mqtt() {}

  static Mqtt5BlockingClient plain(int port, String clientId, String user, String password) {
    return builder(port, clientId, user, password).buildBlocking();
  }

  static Mqtt5BlockingClient listening(
      int port, String clientId, String user, MqttClientDisconnectedListener listener) {
    return builder(port, clientId, user, user).addDisconnectedListener(listener).buildBlocking();
  }

  static Mqtt5BlockingClient tls(
      int port,
      CertificateAuthority trusted,
      @Nullable KeyManagerFactory own,
      String user,
      String password)
      throws GeneralSecurityException, IOException {
    return builder(port, "tls-client", user, password)
        .sslConfig()
        .trustManagerFactory(trust(trusted))
        .keyManagerFactory(own)
        .handshakeTimeout(60, TimeUnit.SECONDS)
        .applySslConfig()
        .buildBlocking();
  }

  static KeyManagerFactory keys(Path keyStore, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      store.load(in, password);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory;
  }

  private static TrustManagerFactory trust(CertificateAuthority authority)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", authority.certificate());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static Mqtt5ClientBuilder builder(
      int port, String clientId, String user, String password) {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(clientId)
        .serverHost("localhost")
        .serverPort(port)
        .simpleAuth()
        .username(user)
        .password(password.getBytes(StandardCharsets.UTF_8))
        .applySimpleAuth();
  }
}
