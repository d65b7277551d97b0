package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import io.billingsdk.broker.HandedPublish.Handover;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one {@link EmbeddedBroker} was built with.
 *
 * @param certificate null: no TLS
 * @param clientAuthority null: clients need no certificate
 * @param dataDirectory null: a temporary one
 * @param refusals called for each refusal of a client
 * @param handover null: nothing is handed over
 */
record BrokerSettings(
    @Nullable IssuedCertificate certificate,
    @Nullable CertificateAuthority clientAuthority,
    boolean anonymous,
    UserDirectory users,
    @Nullable Path dataDirectory,
    Limits limits,
    List<ClientInitializer> clientInitializers,
    List<ConnectInboundInterceptor> connectInterceptors,
    Consumer<RefusedClient> refusals,
    @Nullable HandoverSettings handover) {

  /** The limits that the broker announces or enforces. */
  record Limits(
      int receiveMaximum, int maximumPacketSize, int maximumQueuedMessages, int maximumQos) {}

  /**
   * The publishes that are handed over, and their receiver.
   *
   * @param heldBytes that may be handed over and not settled, over all connections
   */
  record HandoverSettings(Handover to, long heldBytes) {}
}
