package io.billingsdk.broker;

/**
 * Something that a client was refused by an {@link EmbeddedBroker}. Immutable; holds no password.
 *
 * @param reason why
 * @param user the user name that it gave, or empty. It is what the client says, of any length and
 *     with any characters; somebody who mixes the two up gives a password here
 * @param clientId its client id, as the broker knows it
 * @param address where it connected from, or empty
 * @param subject the topic or the filter for {@link Reason#PUBLISH}, {@link Reason#SUBSCRIBE} and
 *     {@link Reason#WILL}; the address of the other client for {@link Reason#TAKEN_OVER}; what went
 *     wrong for {@link Reason#TLS} and {@link Reason#PROTOCOL}; else empty
 */
public record RefusedClient(
    Reason reason, String user, String clientId, String address, String subject) {

  /** Why a client was refused. */
  public enum Reason {
    /** It gave no user name, or one that was not declared. */
    UNKNOWN_USER,
    /** It gave no password, or not the one of its user. */
    WRONG_PASSWORD,
    /** Its user may not connect under this client id. */
    CLIENT_ID,
    /** Its user has no rule to publish to a topic; the broker ends the connection. */
    PUBLISH,
    /** Its user has no rule to subscribe to a filter; the connection stays. */
    SUBSCRIBE,
    /** Its user has no rule to publish to the topic of its Will; it was not let in. */
    WILL,
    /** Another client connected under its client id; the broker ended its connection. */
    TAKEN_OVER,
    /** Its TLS handshake failed. Nothing is known of it but its address. */
    TLS,
    /** It did what MQTT, or a limit that it was told, forbids; the broker ended the connection. */
    PROTOCOL
  }
}
