package io.billingsdk.server.keys;

import java.util.Locale;

/**
 * Why a key is blocked. Each cause stands and is lifted by itself; a key is blocked while any of
 * them stands. In the order in which their reasons are shown.
 */
public enum BlockCause {
  /** An operator has decided so. */
  OPERATOR,
  /** An invoice is unpaid. */
  PAST_DUE,
  /** Too many calls were refused, and the policy says so. */
  VIOLATION,
  /** The plan of its customer does not include it. */
  PLAN,
  /**
   * A quota is used up. The feed of protocol v1 says so, which has no other way; services of
   * protocol v2 enforce the quota themselves, and do not see this cause.
   */
  QUOTA;

  /** As the database, the HTTP API and the commands name it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The cause of a text.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static BlockCause of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
