package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.parameter.ClientBasedInput;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import java.net.InetAddress;

/** Makes {@link RefusedClient}s of what the broker knows of a connection. */
final class Refusing {
  private static final String USER = "billing.user";

  private Refusing() {}

  /** Notes who a connection belongs to, once it is let in: later events do not say. */
  static void remember(ConnectionInformation connection, String user) {
    connection.getConnectionAttributeStore().putAsString(USER, user);
  }

  /** A refusal of a client that was let in. */
  static RefusedClient of(ClientBasedInput input, RefusedClient.Reason reason, String subject) {
    String user =
        input.getConnectionInformation().getConnectionAttributeStore().getAsString(USER).orElse("");
    return of(input, reason, user, subject);
  }

  static RefusedClient of(
      ClientBasedInput input, RefusedClient.Reason reason, String user, String subject) {
    return new RefusedClient(
        reason, user, input.getClientInformation().getClientId(), address(input), subject);
  }

  /** Where a client connected from, or empty. */
  static String address(ClientBasedInput input) {
    return input
        .getConnectionInformation()
        .getInetAddress()
        .map(InetAddress::getHostAddress)
        .orElse("");
  }
}
