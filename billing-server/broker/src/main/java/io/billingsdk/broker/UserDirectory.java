package io.billingsdk.broker;

import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The users of one broker. Thread-safe; passwords can change while the broker runs. */
final class UserDirectory {

  /** Compared with when the user is unknown, so that the time taken does not tell. */
  private static final PasswordDigest NOBODY = PasswordDigest.of("");

  /**
   * A user.
   *
   * @param clientIds under which client ids it may connect
   */
  record User(PasswordDigest password, List<TopicRule> rules, ClientIdRule clientIds) {}

  private final Map<String, User> users = new ConcurrentHashMap<>();

  void add(String name, String password, List<TopicRule> rules, ClientIdRule clientIds) {
    User added = new User(PasswordDigest.of(password), rules, clientIds);
    if (users.putIfAbsent(name, added) != null) {
      throw new IllegalArgumentException("name is declared twice: " + name);
    }
  }

  /** Whether there was such a user. */
  boolean remove(String name) {
    return users.remove(name) != null;
  }

  boolean isEmpty() {
    return users.isEmpty();
  }

  void replacePassword(String name, String password) {
    User replaced =
        users.computeIfPresent(
            name,
            (same, user) -> new User(PasswordDigest.of(password), user.rules(), user.clientIds()));
    if (replaced == null) {
      throw new IllegalArgumentException("user is not known: " + name);
    }
  }

  /** Under which client ids a user may connect; of nobody that is known: any. */
  ClientIdRule clientIdsOf(String name) {
    User user = users.get(name);
    return user == null ? ClientIdRule.ANY : user.clientIds();
  }

  /** Whether a user may publish to a topic; nobody that is not known may. */
  boolean mayPublish(String name, String clientId, String topic) {
    User user = users.get(name);
    return user != null
        && user.rules().stream().anyMatch(rule -> rule.allowsPublish(topic, clientId));
  }

  /** The user, or why not: the name or the password is wrong or missing. */
  Login authenticate(String name, byte @Nullable [] password) {
    User user = users.get(name);
    PasswordDigest expected = user == null ? NOBODY : user.password();
    boolean right = password != null && expected.matches(password);
    if (user == null) {
      return new Login.Denied(RefusedClient.Reason.UNKNOWN_USER);
    }
    return right ? new Login.Accepted(user) : new Login.Denied(RefusedClient.Reason.WRONG_PASSWORD);
  }
}
