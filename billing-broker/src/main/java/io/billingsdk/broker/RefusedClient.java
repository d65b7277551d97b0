package io.billingsdk.broker;

/**
 * Something that a client was refused by an {@link EmbeddedBroker}. Immutable; holds no password.
 *
 * @param reason why
 * @param user the user name that it gave, or empty. It is what the client says, of any length and
 *     with any characters; somebody who mixes the two up gives a password here
 * @param clientId its client id, as the broker knows it
 * @param address where it connected from, or empty
 * @param subject the topic or the filter for {@link Reason#PUBLISH} and {@link Reason#SUBSCRIBE};
 *     else empty
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
    SUBSCRIBE
  }
}
