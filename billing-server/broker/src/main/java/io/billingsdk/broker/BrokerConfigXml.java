package io.billingsdk.broker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The broker's configuration file.
 *
 * @param keyStore null: a listener without TLS
 * @param trustStore null: clients need no certificate
 */
record BrokerConfigXml(
    int port, @Nullable Store keyStore, @Nullable Store trustStore, BrokerSettings.Limits limits) {

  static final String BIND_ADDRESS = "127.0.0.1";

  /** A key store file and its password. */
  record Store(Path file, String password) {
    @Override
    public String toString() {
      return "Store[" + file + "]";
    }
  }

  String text() {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <hivemq>
      <listeners>
        %s
      </listeners>
      <mqtt>
        <receive-maximum>
          <server-receive-maximum>%d</server-receive-maximum>
        </receive-maximum>
        <packets><max-packet-size>%d</max-packet-size></packets>
        <quality-of-service><max-qos>%d</max-qos></quality-of-service>
        <queued-messages><max-queue-size>%d</max-queue-size></queued-messages>
      </mqtt>
      <persistence><mode>in-memory</mode></persistence>
      <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
    </hivemq>
    """
        .formatted(
            listener(),
            limits.receiveMaximum(),
            limits.maximumPacketSize(),
            limits.maximumQos(),
            limits.maximumQueuedMessages());
  }

  private String listener() {
    String where = element("port", port) + element("bind-address", BIND_ADDRESS);
    if (keyStore == null) {
      return "<tcp-listener>" + where + "</tcp-listener>";
    }
    String tls =
        "<protocols>"
            + element("protocol", "TLSv1.3")
            + element("protocol", "TLSv1.2")
            + "</protocols><keystore>"
            + pathAndPassword(keyStore)
            + element("private-key-password", keyStore.password())
            + "</keystore>"
            + clientAuthentication();
    return "<tls-tcp-listener>" + where + "<tls>" + tls + "</tls></tls-tcp-listener>";
  }

  private String clientAuthentication() {
    return trustStore == null
        ? element("client-authentication-mode", "NONE")
        : "<truststore>"
            + pathAndPassword(trustStore)
            + "</truststore>"
            + element("client-authentication-mode", "REQUIRED");
  }

  private static String pathAndPassword(Store store) {
    // The broker resolves a relative path against the folder of its own jar.
    return element("path", store.file().toAbsolutePath()) + element("password", store.password());
  }

  private static String element(String name, Object value) {
    return "<" + name + ">" + escape(value.toString()) + "</" + name + ">";
  }

  /**
   * Escapes for XML, and the dollar sign too: before it parses the file, the broker replaces
   * ${NAME} by an environment variable, and refuses to start when there is none.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        throw new IllegalArgumentException(
            "the configuration cannot hold a control character (position " + i + ")");
      }
      if ("<>&'\"$".indexOf(c) >= 0) {
        escaped.append("&#").append((int) c).append(';');
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
