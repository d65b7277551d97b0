package io.billingsdk.server.notifications;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the files that go with mails, in other features. Implementations are thread-safe. */
@FunctionalInterface
public interface MailAttachments {
  /** No mail has files. */
  MailAttachments NONE = (notice, language) -> List.of();

  /**
   * What a mail is about.
   *
   * @param kind such as {@code invoice.issued}
   * @param customer the id of the customer; empty for nobody
   * @param fields those with one value, as webhooks carry them, such as {@code number}
   */
  record MailSubject(String kind, String customer, Map<String, String> fields) {
    /** Copies the fields. */
    public MailSubject {
      fields = Map.copyOf(fields);
    }
  }

  /**
   * A file of a mail.
   *
   * @param name as a reader saves it: of A-Z a-z 0-9 _ . ~ -
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares it.
  record MailFile(String name, String mediaType, byte[] bytes) {}

  /**
   * The files of a mail, made or read at each attempt to send it; empty for none: the mail goes all
   * the same.
   *
   * @param language of the mail, a BCP 47 tag
   */
  List<MailFile> of(MailSubject subject, String language);

  /** Those of these and of others. */
  default MailAttachments and(MailAttachments others) {
    return (subject, language) -> {
      List<MailFile> files = new ArrayList<>(of(subject, language));
      files.addAll(others.of(subject, language));
      return List.copyOf(files);
    };
  }
}
