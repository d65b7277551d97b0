package io.billingsdk;

/**
 * Where the client's connection to the broker stands.
 *
 * <pre>
 *   CONNECTING ──► CONNECTED ◄──► DISCONNECTED ◄──► UNAUTHORIZED
 *        └──────────────┴───────────────┴────────────────┴──► CLOSED
 * </pre>
 */
public enum ConnectionState {
  /** The first attempt is under way. Nothing has failed yet. */
  CONNECTING,
  /** Connected and subscribed to the key feed: events are being delivered. */
  CONNECTED,
  /** Not connected. Attempts go on, with growing pauses; accepted events are kept. */
  DISCONNECTED,
  /**
   * The broker refuses this client: wrong user or password, no rights, banned, or another client
   * with the same id. Attempts go on, 30 seconds or more apart; accepted events are kept.
   */
  UNAUTHORIZED,
  /** The client was closed. No attempt will follow. */
  CLOSED
}
