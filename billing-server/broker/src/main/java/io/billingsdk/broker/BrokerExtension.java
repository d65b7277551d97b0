package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.client.parameter.Listener;
import com.hivemq.extension.sdk.api.client.parameter.ServerInformation;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import com.hivemq.extension.sdk.api.services.publish.PublishService;
import com.hivemq.extension.sdk.api.services.session.ClientService;
import io.billingsdk.broker.BrokerSettings.HandoverSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The code of ours inside the broker: it decides who comes in and keeps the broker's services for
 * {@link RunningBroker}.
 */
final class BrokerExtension implements ExtensionMain {

  /** The services of this broker; {@link Services} knows only the one that was started last. */
  private record Inside(
      ServerInformation server,
      ClientService clients,
      PublishService publishes,
      @Nullable Handovers handovers) {}

  private final BrokerSettings settings;
  private volatile @Nullable BrokerInstance broker;
  private volatile @Nullable Inside inside;

  BrokerExtension(BrokerSettings settings) {
    this.settings = settings;
  }

  @Override
  public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
    SimpleAuthenticator authenticator =
        settings.anonymous()
            ? (connect, decision) -> decision.authenticateSuccessfully()
            : new PasswordAuthenticator(settings.users(), settings.refusals());
    ClientIdsBelowNames clientIds = new ClientIdsBelowNames(settings.users());
    EndedConnections ended = new EndedConnections(settings.refusals());
    Services.eventRegistry().setClientLifecycleEventListener(any -> ended);
    InstanceConnects instances = new InstanceConnects(settings.users());
    Services.securityRegistry().setAuthenticatorProvider(any -> authenticator);
    Handovers handovers = handovers(settings);
    List<ClientInitializer> initializers = initializers(handovers);
    Services.initializerRegistry()
        .setClientInitializer(
            (client, context) -> {
              RefusedSubscriptions.watch(context, settings.refusals());
              initializers.forEach(each -> each.initialize(client, context));
            });
    Services.interceptorRegistry()
        .setConnectInboundInterceptorProvider(
            any ->
                (connect, change) -> {
                  clientIds.onConnect(connect, change);
                  instances.onConnect(connect, change);
                  settings.connectInterceptors().forEach(each -> each.onConnect(connect, change));
                });
    inside =
        new Inside(
            input.getServerInformation(),
            Services.clientService(),
            Services.publishService(),
            handovers);
  }

  private static @Nullable Handovers handovers(BrokerSettings settings) {
    HandoverSettings wanted = settings.handover();
    return wanted == null
        ? null
        : new Handovers(
            wanted.to(), new ByteBudget(wanted.heldBytes()), settings.limits().receiveMaximum());
  }

  /** Those that were given; behind them the one that hands publishes over. */
  private List<ClientInitializer> initializers(@Nullable Handovers handovers) {
    List<ClientInitializer> all = new ArrayList<>(settings.clientInitializers());
    BrokerInstance within = broker;
    if (handovers != null && within != null) {
      all.add(new HandoverInstaller(handovers, within.parts()));
    }
    return List.copyOf(all);
  }

  /** Says in which broker it is; before that is started. */
  void within(BrokerInstance instance) {
    broker = instance;
  }

  @Override
  public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

  /** Whether the broker asks this extension who may come in. */
  boolean guards() {
    return inside != null;
  }

  /** The bound port, or 0 when there is none. */
  int boundPort() {
    return started().server().getListener().stream()
        .mapToInt(Listener::getPort)
        .findFirst()
        .orElse(0);
  }

  ClientService clients() {
    return started().clients();
  }

  PublishService publishes() {
    return started().publishes();
  }

  /** Null when nothing is handed over. */
  @Nullable Handovers handovers() {
    return started().handovers();
  }

  private Inside started() {
    Inside now = inside;
    if (now == null) {
      throw new IllegalStateException("the broker did not start its extension");
    }
    return now;
  }
}
