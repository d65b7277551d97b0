package io.billingsdk.internal.link;

import io.billingsdk.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect, how, and what to subscribe to.
 *
 * @param tls null for a connection without TLS
 * @param credentials asked before each attempt; null for none
 * @param subscriptions asked before each attempt; subscribed at QoS 1 before the link is up
 */
public record LinkSettings(
    String host,
    int port,
    String clientId,
    @Nullable Tls tls,
    @Nullable Supplier<Credentials> credentials,
    Duration connectTimeout,
    Duration keepAlive,
    Supplier<Subscriptions> subscriptions) {

  /**
   * TLS material, as PEM files that are read before each attempt.
   *
   * @param caCertificates null for the JVM's trust store
   * @param clientCertificate null for none
   * @param clientKey null for none
   */
  public record Tls(
      @Nullable Path caCertificates, @Nullable Path clientCertificate, @Nullable Path clientKey) {

    /**
     * Reads all files once.
     *
     * @throws io.billingsdk.BillingException naming the first one that cannot be used
     */
    public void verify() {
      TlsMaterial.read(this);
    }
  }
}
