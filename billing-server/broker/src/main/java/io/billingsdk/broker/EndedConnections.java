package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.events.client.ClientLifecycleEventListener;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationFailedInput;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationSuccessfulInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionStartInput;
import com.hivemq.extension.sdk.api.events.client.parameters.DisconnectEventInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ServerInitiatedDisconnectInput;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient.Reason;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells of connections that the broker ended or did not begin: because of the topic of a publish or
 * a Will, because another client took the id, or because of what the client sent. A rule decides
 * inside the broker, which says what it decided in the reason of the disconnect alone.
 */
final class EndedConnections implements ClientLifecycleEventListener {
  private static final Pattern PUBLISH =
      Pattern.compile("Not authorized to publish on topic '(.*)' with QoS '.*", Pattern.DOTALL);
  private static final Pattern WILL =
      Pattern.compile(
          "Will Publish is not authorized for topic '(.*)' with QoS '.*", Pattern.DOTALL);

  /** Acts that a client never does if it keeps to MQTT and to the announced limits. */
  private static final Set<DisconnectedReasonCode> AGAINST_THE_PROTOCOL =
      Set.of(
          DisconnectedReasonCode.MALFORMED_PACKET,
          DisconnectedReasonCode.PROTOCOL_ERROR,
          DisconnectedReasonCode.PACKET_TOO_LARGE,
          DisconnectedReasonCode.TOPIC_NAME_INVALID,
          DisconnectedReasonCode.TOPIC_ALIAS_INVALID,
          DisconnectedReasonCode.PAYLOAD_FORMAT_INVALID,
          DisconnectedReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
          DisconnectedReasonCode.QOS_NOT_SUPPORTED,
          DisconnectedReasonCode.RETAIN_NOT_SUPPORTED);

  private static final int MOST_ADDRESSES = 100_000;

  private final Consumer<RefusedClient> refusals;

  /** Where the client that was let in last under an id came from; of connected clients alone. */
  private final Map<String, String> addresses = new ConcurrentHashMap<>();

  EndedConnections(Consumer<RefusedClient> refusals) {
    this.refusals = refusals;
  }

  @Override
  public void onAuthenticationSuccessful(AuthenticationSuccessfulInput input) {
    if (addresses.size() < MOST_ADDRESSES) {
      addresses.put(input.getClientInformation().getClientId(), Refusing.address(input));
    }
  }

  @Override
  public void onServerInitiatedDisconnect(ServerInitiatedDisconnectInput input) {
    ended(input);
  }

  /** A Will is looked at after the password: to the broker its refusal is one of the login. */
  @Override
  public void onAuthenticationFailedDisconnect(AuthenticationFailedInput input) {
    onDisconnect(input);
    Matcher will = WILL.matcher(input.getReasonString().orElse(""));
    if (will.matches()) {
      refusals.accept(Refusing.of(input, Reason.WILL, will.group(1)));
    }
  }

  private void ended(ServerInitiatedDisconnectInput input) {
    DisconnectedReasonCode code = input.getReasonCode().orElse(null);
    String said = input.getReasonString().orElse("");
    String clientId = input.getClientInformation().getClientId();
    Matcher publish = PUBLISH.matcher(said);
    if (code == DisconnectedReasonCode.SESSION_TAKEN_OVER) {
      // The address of the other one; its own event says nothing of this one.
      refusals.accept(Refusing.of(input, Reason.TAKEN_OVER, addresses.getOrDefault(clientId, "")));
      return;
    }
    addresses.remove(clientId, Refusing.address(input));
    if (code == DisconnectedReasonCode.NOT_AUTHORIZED && publish.matches()) {
      refusals.accept(Refusing.of(input, Reason.PUBLISH, publish.group(1)));
    } else if (code == null) {
      // What cannot be answered is ended without a code: a second CONNECT, say.
      refusals.accept(Refusing.of(input, Reason.PROTOCOL, "it was not to be answered"));
    } else if (AGAINST_THE_PROTOCOL.contains(code)) {
      refusals.accept(Refusing.of(input, Reason.PROTOCOL, code + " " + said));
    }
  }

  @Override
  public void onMqttConnectionStart(ConnectionStartInput input) {}

  @Override
  public void onDisconnect(DisconnectEventInput input) {
    addresses.remove(input.getClientInformation().getClientId(), Refusing.address(input));
  }
}
