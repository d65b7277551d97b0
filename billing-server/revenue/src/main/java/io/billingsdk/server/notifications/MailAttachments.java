package io.billingsdk.server.notifications;

import java.util.List;
import java.util.Map;

/** Finds the files that go with mails, in other features. Thread-safe. */
public interface MailAttachments {
  /** No mail has files. */
  MailAttachments NONE = (kind, fields) -> List.of();

  /**
   * A file of a mail.
   *
   * @param name as the reader sees it, without characters that end a line
   */
  record MailFile(String name, String mediaType, byte[] bytes) {}

  /**
   * The files of a notice; empty for none.
   *
   * @param kind such as {@code invoice.issued}
   * @param fields those with one value, as webhooks carry them, such as {@code number}
   */
  List<MailFile> of(String kind, Map<String, String> fields);
}
