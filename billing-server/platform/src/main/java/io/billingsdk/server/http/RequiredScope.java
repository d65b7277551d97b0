package io.billingsdk.server.http;

/** Who may call a route. */
public enum RequiredScope {
  /** Anybody. */
  PUBLIC,
  /** Who has a token to send usage; the handler keeps its own transactions. */
  INTAKE,
  /** Who has a token to read. */
  READ,
  /** Who has a token to write. */
  WRITE
}
