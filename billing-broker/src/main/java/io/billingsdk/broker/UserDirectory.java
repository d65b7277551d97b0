package io.billingsdk.broker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The users of one broker. Thread-safe; passwords can change while the broker runs. */
final class UserDirectory {

  /** Compared with when the user is unknown, so that the time taken does not tell. */
  private static final PasswordDigest NOBODY = PasswordDigest.of("");

  /**
   * A user.
   *
   * @param bound whether its name is the only client id that it may use
   */
  record User(PasswordDigest password, List<TopicRule> rules, boolean bound) {}

  private final Map<String, User> users = new ConcurrentHashMap<>();

  void add(String name, String password, List<TopicRule> rules, boolean bound) {
    if (users.putIfAbsent(name, new User(PasswordDigest.of(password), rules, bound)) != null) {
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
            (same, user) -> new User(PasswordDigest.of(password), user.rules(), user.bound()));
    if (replaced == null) {
      throw new IllegalArgumentException("user is not known: " + name);
    }
  }

  /** The user, or nothing when the name or the password is wrong or missing. */
  Optional<User> authenticate(@Nullable String name, byte @Nullable [] password) {
    User user = name == null ? null : users.get(name);
    PasswordDigest expected = user == null ? NOBODY : user.password();
    boolean right = password != null && expected.matches(password);
    return right && user != null ? Optional.of(user) : Optional.empty();
  }
}
