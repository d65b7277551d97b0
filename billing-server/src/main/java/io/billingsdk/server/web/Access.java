package io.billingsdk.server.web;

/** Who may call a route. */
enum Access {
  /** Anybody. */
  PUBLIC,
  /** Who has a token, of whatever scope. */
  READ,
  /** Who has a token to write. */
  WRITE
}
