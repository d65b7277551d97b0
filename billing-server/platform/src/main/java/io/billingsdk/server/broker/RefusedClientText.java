package io.billingsdk.server.broker;

import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The text of a refusal, for people: one line, whatever the client sent. */
final class RefusedClientText {
  private static final int SHOWN_CHARS = 120;

  /** A user who confuses the fields sends a password or a key as user name. */
  private static final Pattern SECRET =
      Pattern.compile("[0-9a-fA-F]{32,}|b[kt]_[A-Za-z0-9_-]{4,}", Pattern.CASE_INSENSITIVE);

  private final Predicate<String> revoked;

  /** With a look at who was revoked. */
  RefusedClientText(Predicate<String> revoked) {
    this.revoked = revoked;
  }

  /**
   * Who is refused, for a limit: the address, and the user where there is such a user. Made-up
   * names have no limit each, or there would be none.
   */
  String source(RefusedClient refused) {
    boolean known =
        switch (refused.reason()) {
          case UNKNOWN_USER, TLS -> false;
          default -> !refused.user().isEmpty();
        };
    String address = address(refused);
    return known ? "user " + shown(refused.user()) + " from " + address : "clients from " + address;
  }

  // Without the client id, where it is not the reason: one that is new each time would be said each
  // time.
  String of(RefusedClient refused) {
    return "a client from " + address(refused) + " was refused: " + why(refused);
  }

  private String why(RefusedClient refused) {
    String user = shown(refused.user());
    String subject = shown(refused.subject());
    return switch (refused.reason()) {
      case UNKNOWN_USER -> unknown(refused.user());
      case WRONG_PASSWORD -> "the password of user " + user + " is wrong or missing";
      case CLIENT_ID ->
          "user "
              + user
              + " may connect under the client id "
              + user
              + " alone, and not as "
              + shown(refused.clientId());
      case PUBLISH -> "user " + user + " may not publish to " + subject;
      case SUBSCRIBE -> "user " + user + " may not subscribe to " + subject;
      case WILL -> "user " + user + " may not have a Will on " + subject;
      case TAKEN_OVER -> takenOver(refused);
      case TLS -> "the TLS handshake failed: " + words(refused.subject());
      case PROTOCOL ->
          "user " + user + " does what the protocol forbids: " + words(refused.subject());
    };
  }

  private String unknown(String user) {
    if (user.isEmpty()) {
      return "it gave no user name";
    }
    return revoked.test(user)
        ? "user " + shown(user) + " is an instance that was revoked"
        : "user " + shown(user) + " is not known; 'instance create' creates an instance";
  }

  private static String takenOver(RefusedClient refused) {
    return "another client"
        + (refused.subject().isEmpty() ? "" : " from " + shown(refused.subject()))
        + " connected as "
        + shown(refused.clientId())
        + " and took its place; each process needs an instance of its own";
  }

  private static String address(RefusedClient refused) {
    return refused.address().isEmpty() ? "somewhere" : refused.address();
  }

  /** What a client sent: cut, without line breaks, and without what looks like a secret. */
  private static String shown(String sent) {
    return cut(sent.replaceAll("[^\\x21-\\x7E]", "?"));
  }

  /** The same of a text that the broker made, in which spaces are no harm. */
  private static String words(String made) {
    return cut(made.replaceAll("[^\\x20-\\x7E]", "?"));
  }

  private static String cut(String text) {
    String plain = SECRET.matcher(text).replaceAll("***");
    return plain.length() <= SHOWN_CHARS ? plain : plain.substring(0, SHOWN_CHARS) + "…";
  }
}
