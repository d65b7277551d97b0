package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundInput;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundOutput;

/**
 * Lets clients whose ids are bound to their users leave nothing behind: no session that outlives
 * their connection, with its queue, and no Will. Otherwise one login could fill the memory by
 * clients that come and go.
 */
final class InstanceConnects implements ConnectInboundInterceptor {
  private final UserDirectory users;

  InstanceConnects(UserDirectory users) {
    this.users = users;
  }

  @Override
  public void onConnect(ConnectInboundInput input, ConnectInboundOutput output) {
    String user = input.getConnectPacket().getUserName().orElse("");
    if (users.clientIdsOf(user) != ClientIdRule.ANY) {
      output.getConnectPacket().setSessionExpiryInterval(0);
      if (mayHave(user, input)) {
        output.getConnectPacket().setWillPublish(null);
      }
    }
  }

  /** A Will that is forbidden stays: the broker refuses the client for it, and says so. */
  private boolean mayHave(String user, ConnectInboundInput input) {
    String clientId = input.getClientInformation().getClientId();
    return input
        .getConnectPacket()
        .getWillPublish()
        .map(will -> users.mayPublish(user, clientId, will.getTopic()))
        .orElse(true);
  }
}
