package io.billingsdk.server.notifications;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How notifications leave a server. Immutable.
 *
 * @param mail the SMTP server; null: the server sends no mail
 * @param publicUrl where people reach the HTTP API, for links in mails; null: mails have no links
 * @param privateAddresses whether webhooks may go to private addresses, for tests and closed
 *     networks
 * @param webhookCa PEM of authorities that webhooks trust beside Java's own; null for none
 */
public record NotificationSettings(
    @Nullable Smtp mail,
    @Nullable URI publicUrl,
    boolean privateAddresses,
    @Nullable Path webhookCa) {
  /** No mail, and webhooks to public addresses alone. */
  public static final NotificationSettings NONE =
      new NotificationSettings(null, null, /* privateAddresses= */ false, null);

  /**
   * An SMTP server, which must offer STARTTLS.
   *
   * @param from the sender of all mails
   * @param user null: it asks for no login
   * @param password of the user; empty without one
   * @param ca PEM of the authority of its certificate; null: Java's own authorities
   */
  public record Smtp(
      String host,
      int port,
      String from,
      @Nullable String user,
      String password,
      @Nullable Path ca) {
    /** Without the password. */
    @Override
    public String toString() {
      return "Smtp[" + host + ":" + port + "]";
    }
  }
}
