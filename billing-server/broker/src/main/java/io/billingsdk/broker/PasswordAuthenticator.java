package io.billingsdk.broker;

import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets in the users of a {@link UserDirectory}, each with the topics of its rules and no others.
 */
final class PasswordAuthenticator implements SimpleAuthenticator {

  private final UserDirectory users;
  private final Consumer<RefusedClient> refusals;

  PasswordAuthenticator(UserDirectory users, Consumer<RefusedClient> refusals) {
    this.users = users;
    this.refusals = refusals;
  }

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    ConnectPacket connect = input.getConnectPacket();
    byte[] password = connect.getPassword().map(PasswordAuthenticator::bytes).orElse(null);
    String name = connect.getUserName().orElse("");
    Login login = users.authenticate(name, password);
    if (login instanceof Login.Denied denied) {
      refusals.accept(Refusing.of(input, denied.reason(), name, ""));
      output.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD);
      return;
    }
    UserDirectory.User user = ((Login.Accepted) login).user();
    String clientId = input.getClientInformation().getClientId();
    List<TopicRule> rules = user.rules();
    boolean named = rules.stream().anyMatch(TopicRule::namesClient);
    if (!user.clientIds().allows(name, clientId)) {
      // Under the id of another it could end that one's connection, and read what is meant for it.
      refuseClientId(input, output, name, "the client id must be the user name");
      return;
    }
    // A client that calls itself "+" would otherwise be given the topics of all clients.
    if (named && !TopicRule.isPlainClientId(clientId)) {
      refuseClientId(input, output, name, "the client id must be without + # /");
      return;
    }
    Refusing.remember(input.getConnectionInformation(), name);
    permit(output.getDefaultPermissions(), rules, clientId);
    output.authenticateSuccessfully();
  }

  private void refuseClientId(
      SimpleAuthInput input, SimpleAuthOutput output, String user, String why) {
    refusals.accept(Refusing.of(input, RefusedClient.Reason.CLIENT_ID, user, ""));
    output.failAuthentication(ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID, why);
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
