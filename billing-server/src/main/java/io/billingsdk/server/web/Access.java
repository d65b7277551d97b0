package io.billingsdk.server.web;

/** Who may call a route. */
enum Access {
  /** Anybody. */
  PUBLIC,
  /** Who has a token to send usage; the handler keeps its own transactions. */
  INTAKE,
  /** Who has a token to read. */
  READ,
  /** Who has a token to write. */
  WRITE
}
