package io.billingsdk.server.db;

import java.util.TimeZone;

/**
 * The time zone of sessions. PostgreSQL's driver asks for that of the JVM in the first message of a
 * connection, and PostgreSQL ends the connection when it does not know the zone: one that is newer
 * than its own list, or a name that Java alone has. Nothing but the JVM's default changes what the
 * driver asks for. The server computes in UTC and never in the JVM's zone.
 */
final class SessionZone {
  private static final String UTC = "UTC";

  private SessionZone() {}

  /** Makes UTC the zone of this JVM, and so of the sessions that it opens from now on. */
  static void settle() {
    if (!TimeZone.getDefault().getID().equals(UTC)) {
      TimeZone.setDefault(TimeZone.getTimeZone(UTC));
    }
  }
}
