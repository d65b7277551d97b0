package io.billingsdk;

import static java.util.Objects.requireNonNull;

/**
 * A user name and a password for the broker. Immutable; never prints the password.
 *
 * @param username the user name
 * @param password the password
 */
public record Credentials(String username, String password) {

  /** Both are required. */
  public Credentials {
    requireNonNull(username, "username");
    requireNonNull(password, "password");
  }

  @Override
  public String toString() {
    return "Credentials[username=" + username + ", password=***]";
  }
}
