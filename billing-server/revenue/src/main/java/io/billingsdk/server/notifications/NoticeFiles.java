package io.billingsdk.server.notifications;

import java.util.List;

/** Files for the mails of notices, of a feature that makes them. Implementations are thread-safe. */
@FunctionalInterface
public interface NoticeFiles {
  /** No mail has one. */
  NoticeFiles NONE = (kind, customer, data, language) -> List.of();

  /**
   * Makes the files of a notice, at each attempt to send its mail. Without one the mail goes all
   * the same.
   *
   * @param kind of the notice, as {@code report.monthly}
   * @param customer whom it is about; empty for nobody
   * @param data of the notice, an object of JSON
   * @param language of the mail, a BCP 47 tag
   */
  List<NoticeFile> of(String kind, String customer, String data, String language);

  /**
   * A file.
   *
   * @param name as a reader saves it: of A-Z a-z 0-9 _ . -
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares it.
  record NoticeFile(String name, String mediaType, byte[] bytes) {}
}
