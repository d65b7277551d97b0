package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
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
 * @param refusals told of what clients were refused
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
    Consumer<RefusedClient> refusals) {

  /** The limits that the broker announces or enforces. */
  record Limits(int receiveMaximum, int maximumPacketSize, int maximumQueuedMessages) {}
}
