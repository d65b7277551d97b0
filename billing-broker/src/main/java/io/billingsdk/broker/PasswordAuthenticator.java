package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Lets in the users of a {@link UserDirectory}, each with the topics of its rules and no others.
 */
final class PasswordAuthenticator implements SimpleAuthenticator {

  private final UserDirectory users;

  PasswordAuthenticator(UserDirectory users) {
    this.users = users;
  }

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    ConnectPacket connect = input.getConnectPacket();
    byte[] password = connect.getPassword().map(PasswordAuthenticator::bytes).orElse(null);
    String name = connect.getUserName().orElse(null);
    Optional<UserDirectory.User> user = users.authenticate(name, password);
    if (user.isEmpty()) {
      output.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD);
      return;
    }
    String clientId = input.getClientInformation().getClientId();
    if (user.get().bound() && !clientId.equals(name)) {
      // Under the id of another it could end that one's connection, and read what is meant for it.
      output.failAuthentication(
          ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "the client id must be the user name");
      return;
    }
    List<TopicRule> rules = user.get().rules();
    boolean named = rules.stream().anyMatch(TopicRule::namesClient);
    // A client that calls itself "+" would otherwise be given the topics of all clients.
    if (named && !TopicRule.isPlainClientId(clientId)) {
      output.failAuthentication(ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
      return;
    }
    permit(output.getDefaultPermissions(), rules, clientId);
    output.authenticateSuccessfully();
  }

  private static void permit(
      ModifiableDefaultPermissions permissions, List<TopicRule> rules, String clientId) {
    permissions.clear();
    // Without this a user without rules may do everything.
    permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    rules.forEach(rule -> permissions.add(rule.permission(clientId)));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    ByteBuffer view = buffer.duplicate();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }
}
