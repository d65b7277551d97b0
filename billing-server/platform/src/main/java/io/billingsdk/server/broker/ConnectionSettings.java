package io.billingsdk.server.broker;

import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection asks for.
 *
 * @param clientId stays the same over restarts where a session is kept
 * @param sessionSeconds how long the broker keeps what was not acknowledged; 0 for no session
 * @param receiveMaximum messages that may be unacknowledged at once
 * @param maximumPacketBytes the broker drops what is larger
 * @param will what the broker says when the connection is lost
 */
public record ConnectionSettings(
    String clientId,
    List<String> filters,
    long sessionSeconds,
    int receiveMaximum,
    int maximumPacketBytes,
    @Nullable Mqtt5Publish will) {

  /** The list is copied. */
  public ConnectionSettings {
    filters = List.copyOf(filters);
  }

  /** The same with a Will: a retained message. */
  public ConnectionSettings withWill(String topic, byte[] payload) {
    return new ConnectionSettings(
        clientId,
        filters,
        sessionSeconds,
        receiveMaximum,
        maximumPacketBytes,
        BrokerConnection.message(topic, payload, /* retain= */ true));
  }
}
