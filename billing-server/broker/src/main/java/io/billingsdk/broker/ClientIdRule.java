package io.billingsdk.broker;

/** Under which client ids a user may connect. */
enum ClientIdRule {
  /** Under any: the user is trusted not to take another's. */
  ANY,

  /** Under its own name alone: a second connection ends the first. */
  OWN_NAME,

  /**
   * Under any or none, and as many at once as there are ids. The broker puts the user's name and a
   * slash before the id, so that it can never be another client's: a bound user has no slash in its
   * name.
   */
  BELOW_NAME;

  static final char SEPARATOR = '/';

  /** The client id that the broker uses for what a client said, or was given when it said none. */
  String effective(String user, String said) {
    // A client that was assigned an id may come back with the whole of it.
    return this == BELOW_NAME && !said.startsWith(user + SEPARATOR)
        ? user + SEPARATOR + said
        : said;
  }

  /** Whether a user may connect under an effective client id. */
  boolean allows(String user, String clientId) {
    return switch (this) {
      case ANY -> true;
      case OWN_NAME -> clientId.equals(user);
      case BELOW_NAME -> clientId.startsWith(user + SEPARATOR);
    };
  }
}
