package io.billingsdk.server.notifications;

import io.billingsdk.server.db.Secrets;
import java.util.UUID;

/** Tokens of the links in mails, for tests of the HTTP API. */
public final class LinkTokens {
  private LinkTokens() {}

  /** One that ends a kind that can be ended. */
  public static String of(Secrets secrets, String recipient) {
    return new WebhookSecrets(secrets)
        .linkToken(UUID.fromString(recipient), NoticeKind.SUBSCRIPTION_RENEWED);
  }
}
