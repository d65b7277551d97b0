package io.billingsdk.server.notifications;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An address that is mailed. Immutable.
 *
 * @param customer whose it is, and whose notices it receives; empty for the operator's, which
 *     receives those of all
 * @param kinds patterns of the notices that it receives
 * @param muted kinds that its reader has ended by the link of a mail
 * @param locale of its mails; null: that of the customer
 */
record MailRecipient(
    UUID id,
    String customer,
    String address,
    List<String> kinds,
    List<String> muted,
    @Nullable String locale,
    Instant createdAt) {
  /** Copies the lists. */
  MailRecipient {
    kinds = List.copyOf(kinds);
    muted = List.copyOf(muted);
  }

  /** Whether it asked for a kind, and has not ended it. */
  boolean wants(NoticeKind kind) {
    return KindPatterns.fit(kinds, kind.text())
        && (kind.isMandatory() || !muted.contains(kind.text()));
  }
}
