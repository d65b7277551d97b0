package io.billingsdk.server.db;

import java.util.Locale;

/**
 * Where PostgreSQL is and who we are there.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, without a password in it
 * @param user the login of this address
 * @param password of the user; empty for none
 */
public record DatabaseAddress(String url, String user, String password) {

  /** Refuses what is not PostgreSQL, and a password where a process list would show it. */
  public DatabaseAddress {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("the database must be jdbc:postgresql://host:port/name");
    }
    if (url.toLowerCase(Locale.ROOT).contains("password=")) {
      throw new IllegalArgumentException(
          "the password belongs in a file or the environment, not into the address");
    }
  }

  @Override
  public String toString() {
    return "DatabaseAddress[url=" + url + ", user=" + user + "]";
  }
}
