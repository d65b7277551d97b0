package io.billingsdk;

/**
 * The state of the client's connection to the broker.
 *
 * <pre>
 *   NOT_STARTED ──► CONNECTING ──► CONNECTED ◄──► DISCONNECTED ◄──► UNAUTHORIZED
 *        │               └──────────────┴───────────────┴────────────────┴──► CLOSED
 *        └────────► DISABLED ──► CLOSED
 * </pre>
 */
public enum ConnectionState {
  /** The client was created but not started: it accepts no events and knows no keys. */
  NOT_STARTED,
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
  /**
   * The client is switched off ({@link BillingConfigBuilder#enabled}): it never connects. Events
   * are counted and dropped.
   */
  DISABLED,
  /** The client was closed. No attempt will follow. */
  CLOSED
}
