package io.billingsdk.server.cli;

/** Text of others, as a terminal may be given it. */
public final class Printable {
  private static final int REPLACEMENT = 0xfffd;

  private Printable() {}

  /**
   * Without what a terminal obeys: a name may be made so that it moves the cursor, or writes from
   * right to left. Each such character is shown as U+FFFD, so that nothing is left out unseen.
   */
  public static String text(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .map(each -> isObeyed(each) ? REPLACEMENT : each)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }

  /**
   * The same, and no longer than a width, with an ellipsis for what is cut off.
   *
   * @param width in characters, at least 1; a character beyond the basic plane is one of them
   */
  public static String cut(String text, int width, Terminal terminal) {
    String shown = text(text);
    if (length(shown) <= width) {
      return shown;
    }
    // By code points: half of a pair would be no character.
    int end = shown.offsetByCodePoints(0, width - 1);
    return shown.substring(0, end) + (terminal.unicode() ? "\u2026" : "~");
  }

  /** How many characters a text has. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
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
