package io.billingsdk.server.ingest;

/**
 * Who sent a message. Senders have shares of the lanes by their logins; messages of one connection
 * are stored in the order in which they came.
 *
 * @param login the user of a broker, an instance, or the name of another way in
 * @param connection of that login, by a number
 */
record Sender(String login, long connection) {
  /** Usage over HTTP. */
  static final String HTTP = "http";

  /** Reports of protocol v1 by an outside broker, which does not say whose they are. */
  static final String V1 = "v1";
}
