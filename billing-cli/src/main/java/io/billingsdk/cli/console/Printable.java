package io.billingsdk.cli.console;

import io.billingsdk.server.common.ShownText;

/** Text of others, as a terminal may be given it. */
public final class Printable {
  private Printable() {}

  /**
   * Without what a terminal obeys: a name may be made so that it moves the cursor, or writes from
   * right to left. Each such character is shown escaped; see {@link ShownText}.
   */
  public static String text(String text) {
    return ShownText.of(text);
  }

  /** The same of a name that stands between others: blanks at its ends are shown too. */
  public static String name(String name) {
    return ShownText.ofName(name);
  }

  /**
   * The same, and no longer than a width, with an ellipsis for what is cut off.
   *
   * @param width in characters, at least 1; a character beyond the basic plane is one of them
   */
  public static String cut(String text, int width, Terminal terminal) {
    return shorten(name(text), width, terminal);
  }

  /** The same of what is printable already, which is not escaped once more. */
  public static String shorten(String shown, int width, Terminal terminal) {
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
}
