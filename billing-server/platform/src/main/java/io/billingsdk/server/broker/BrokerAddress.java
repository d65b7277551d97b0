package io.billingsdk.server.broker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT broker, reached with TLS, and who we are there.
 *
 * @param caPem the authorities that may have issued its certificate; null for those of the JVM
 */
public record BrokerAddress(
    String host, int port, @Nullable Path caPem, String user, String password) {

  @Override
  public String toString() {
    return "BrokerAddress[" + host + ":" + port + ", user=" + user + "]";
  }
}
