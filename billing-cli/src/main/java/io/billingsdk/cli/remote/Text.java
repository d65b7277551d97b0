package io.billingsdk.cli.remote;

/** Text of others, as it may be shown. */
final class Text {
  private Text() {}

  /**
   * Without what a terminal obeys: a module may be named so that it moves the cursor, or writes
   * from right to left.
   */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().map(each -> isObeyed(each) ? '\ufffd' : each).forEach(shown::appendCodePoint);
    return shown.toString();
  }

  private static boolean isObeyed(int character) {
    int type = Character.getType(character);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
