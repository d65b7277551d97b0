package io.billingsdk.server.notifications;

import io.billingsdk.server.notifications.MailLog.Mail;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Addresses, mails and kinds as the API shows them. */
final class MailViews {
  private MailViews() {}

  record RecipientsView(List<RecipientView> items) {}

  record RecipientView(
      UUID recipientId,
      @Nullable String customerId,
      String address,
      List<String> kinds,
      List<String> muted,
      @Nullable String locale,
      Instant createdAt) {
    static RecipientView of(MailRecipient recipient) {
      return new RecipientView(
          recipient.id(),
          recipient.customer().isEmpty() ? null : recipient.customer(),
          recipient.address(),
          recipient.kinds(),
          recipient.muted(),
          recipient.locale(),
          recipient.createdAt());
    }
  }

  record MailView(
      UUID mailId,
      String kind,
      @Nullable String customerId,
      String address,
      String state,
      int attempts,
      @Nullable Instant nextAttemptAt,
      @Nullable String problem,
      Instant createdAt,
      @Nullable Instant doneAt) {
    static MailView of(Mail mail) {
      return new MailView(
          mail.mailId(),
          mail.kind(),
          mail.customer().isEmpty() ? null : mail.customer(),
          mail.address(),
          mail.state(),
          mail.attempts(),
          mail.state().equals("pending") ? mail.nextAttemptAt() : null,
          mail.problem(),
          mail.createdAt(),
          mail.doneAt());
    }
  }

  record KindsView(List<KindView> items) {
    static KindsView all() {
      return new KindsView(Arrays.stream(NoticeKind.values()).map(KindView::of).toList());
    }
  }

  record KindView(String kind, boolean mandatory, List<String> fields) {
    static KindView of(NoticeKind kind) {
      return new KindView(kind.text(), kind.isMandatory(), kind.fields());
    }
  }
}
