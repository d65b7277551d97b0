package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.events.client.ClientLifecycleEventListener;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationSuccessfulInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionStartInput;
import com.hivemq.extension.sdk.api.events.client.parameters.DisconnectEventInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ServerInitiatedDisconnectInput;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells of connections that the broker ended because of a topic. A rule decides inside the broker,
 * which says what it decided in the reason of the disconnect alone.
 */
final class RefusedPublishes implements ClientLifecycleEventListener {
  private static final Pattern REASON =
      Pattern.compile("Not authorized to publish on topic '(.*)' with QoS '.*", Pattern.DOTALL);

  private final Consumer<RefusedClient> refusals;

  RefusedPublishes(Consumer<RefusedClient> refusals) {
    this.refusals = refusals;
  }

  @Override
  public void onServerInitiatedDisconnect(ServerInitiatedDisconnectInput input) {
    boolean notAuthorized =
        input.getReasonCode().filter(DisconnectedReasonCode.NOT_AUTHORIZED::equals).isPresent();
    Matcher reason = REASON.matcher(input.getReasonString().orElse(""));
    if (notAuthorized && reason.matches()) {
      refusals.accept(Refusing.of(input, RefusedClient.Reason.PUBLISH, reason.group(1)));
    }
  }

  @Override
  public void onMqttConnectionStart(ConnectionStartInput input) {}

  @Override
  public void onAuthenticationSuccessful(AuthenticationSuccessfulInput input) {}

  @Override
  public void onDisconnect(DisconnectEventInput input) {}
}
