package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundInput;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundOutput;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;

/**
 * Gives the clients of users that share a login client ids of their own. It comes before the look
 * at the password: an id below a name that is not the client's is refused there.
 */
final class ClientIdsBelowNames implements ConnectInboundInterceptor {
  /** Longer ones stay what they are, and are refused: an id has 65,535 bytes at most. */
  private static final int LONGEST = 1_024;

  private final UserDirectory users;

  ClientIdsBelowNames(UserDirectory users) {
    this.users = users;
  }

  @Override
  public void onConnect(ConnectInboundInput input, ConnectInboundOutput output) {
    ConnectPacket connect = input.getConnectPacket();
    String user = connect.getUserName().orElse("");
    String said = connect.getClientId();
    if (said.length() <= LONGEST) {
      String effective = users.clientIdsOf(user).effective(user, said);
      if (!effective.equals(said)) {
        output.getConnectPacket().setClientId(effective);
      }
    }
  }
}
