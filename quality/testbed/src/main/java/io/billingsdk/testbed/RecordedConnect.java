package io.billingsdk.testbed;

import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT packet as the broker received it, without its password.
 *
 * @param sessionExpirySeconds how long the session shall outlive its connection
 * @param maximumPacketSize in bytes
 * @param userName null when the packet has none
 */
public record RecordedConnect(
    String clientId,
    boolean cleanStart,
    long sessionExpirySeconds,
    int keepAliveSeconds,
    int receiveMaximum,
    long maximumPacketSize,
    @Nullable String userName) {

  static RecordedConnect of(ConnectPacket packet) {
    return new RecordedConnect(
        packet.getClientId(),
        packet.getCleanStart(),
        packet.getSessionExpiryInterval(),
        packet.getKeepAlive(),
        packet.getReceiveMaximum(),
        packet.getMaximumPacketSize(),
        packet.getUserName().orElse(null));
  }
}
