package io.billingsdk.server.notifications;

import io.billingsdk.server.common.RequestRefusedException;
import java.util.regex.Pattern;

/** Which addresses may be mailed: one plain address, without a name, quotes or comments. */
final class MailAddress {
  static final int CHARS = 254;

  private static final int LOCAL_CHARS = 64;

  private static final Pattern FORM =
      Pattern.compile(
          "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+");

  private MailAddress() {}

  /**
   * An address that may be stored.
   *
   * @throws RequestRefusedException for another text, such as one with a second header in it
   */
  static String require(String text) {
    if (!isOne(text)) {
      throw RequestRefusedException.invalid(
          "address", "a plain address of mail, such as billing@example.com");
    }
    return text;
  }

  static boolean isOne(String text) {
    return text.length() <= CHARS
        && text.indexOf('@') <= LOCAL_CHARS
        && FORM.matcher(text).matches();
  }
}
