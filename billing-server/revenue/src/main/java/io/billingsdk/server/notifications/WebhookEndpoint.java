package io.billingsdk.server.notifications;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where webhooks go. Immutable.
 *
 * @param customer whose it is, and whose notices it receives; empty for the operator's, which
 *     receives those of all
 * @param kinds patterns of the notices that it receives
 * @param format of what it is sent
 * @param problem why it is disabled; null while nobody said
 * @param oldSecretUntil until when the secret before signs too; null when there is none
 * @param failingSince since when nothing reached it; null after a success
 * @param lastFailureAt when the last attempt failed; null after a success
 */
record WebhookEndpoint(
    String id,
    String customer,
    String url,
    List<String> kinds,
    WebhookFormat format,
    State state,
    @Nullable String problem,
    @Nullable Instant oldSecretUntil,
    @Nullable Instant failingSince,
    @Nullable Instant lastFailureAt,
    Instant createdAt) {
  /** Copies the list. */
  WebhookEndpoint {
    kinds = List.copyOf(kinds);
  }

  /** What becomes of its notices. */
  enum State {
    /** They are sent. */
    ENABLED,
    /** They wait, and become dead letters after three days. */
    DISABLED,
    /** There are none. */
    REMOVED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
