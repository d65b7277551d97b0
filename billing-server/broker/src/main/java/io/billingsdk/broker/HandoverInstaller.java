package io.billingsdk.broker;

import com.google.inject.Injector;
import com.hivemq.bootstrap.ClientConnection;
import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.services.intializer.ClientInitializer;
import com.hivemq.mqtt.handler.disconnect.MqttServerDisconnector;
import com.hivemq.persistence.connection.ConnectionPersistence;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a {@link HandoverHandler} into the pipeline of each connection, before the broker accepts
 * the client's connection: no publish comes by without it. Where that fails, the client gets no
 * rights. Thread-safe.
 */
final class HandoverInstaller implements ClientInitializer {
  private static final Logger log = LoggerFactory.getLogger(HandoverInstaller.class);

  private static final String NAME = "billing_handover_handler";

  private final Handovers handovers;
  private final ConnectionPersistence connections;
  private final MqttServerDisconnector disconnector;
  private final AtomicInteger numbers = new AtomicInteger();

  HandoverInstaller(Handovers handovers, Injector broker) {
    this.handovers = handovers;
    this.connections = broker.getInstance(ConnectionPersistence.class);
    this.disconnector = broker.getInstance(MqttServerDisconnector.class);
  }

  @Override
  public void initialize(InitializerInput input, ClientContext context) {
    ClientConnection connection = connections.get(input.getClientInformation().getClientId());
    try {
      // Absent when the client has gone again meanwhile.
      if (connection != null) {
        install(connection);
      }
    } catch (RuntimeException failed) {
      log.error("a client cannot be served: the broker's pipeline is not as expected", failed);
      connection = null;
    }
    if (connection == null) {
      context.getDefaultPermissions().clear();
      context.getDefaultPermissions().setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    }
  }

  private void install(ClientConnection connection) {
    Channel channel = connection.getChannel();
    String user = connection.getAuthUsername();
    String login = user == null ? connection.getClientId() : user;
    ChannelPipeline pipeline = channel.pipeline();
    // There when an earlier connection of this client was initialised so late that it found ours.
    if (pipeline.get(NAME) == null) {
      HandoverHandler handler =
          new HandoverHandler(handovers, disconnector, channel, login, numbers.incrementAndGet());
      PartialPackets partial = handler.partialPackets();
      pipeline.addBefore(ChannelHandlerNames.MQTT_MESSAGE_DECODER, NAME + "_partial", partial);
      pipeline.addAfter(
          ChannelHandlerNames.MQTT_MESSAGE_DECODER, NAME + "_whole", partial.behind());
      pipeline.addBefore(ChannelHandlerNames.MQTT_PUBLISH_FLOW_HANDLER, NAME, handler);
    }
  }
}
