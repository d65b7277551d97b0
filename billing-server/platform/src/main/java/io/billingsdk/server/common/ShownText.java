package io.billingsdk.server.common;

/**
 * Text of others, as it may be shown to a person: nothing in it is obeyed by a terminal, ends a
 * line, or is not seen. What would be is shown as a program writes it, with a backslash, a u and
 * its number, so that two texts that differ are shown as two.
 */
public final class ShownText {
  private static final int LAST_OF_FOUR_DIGITS = 0xffff;

  private ShownText() {}

  /** A text within a sentence. */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int each = text.codePointAt(i);
      // Otherwise an escape could be one, or could be these very letters.
      boolean looksEscaped = each == '\\' && text.startsWith("u", i + 1);
      if (looksEscaped || isHidden(each)) {
        shown.append(escaped(each));
      } else {
        shown.appendCodePoint(each);
      }
    }
    return shown.toString();
  }

  /** A name that stands between others: blanks at its ends are shown too. */
  public static String ofName(String name) {
    String shown = of(name);
    int from = 0;
    while (from < shown.length() && shown.charAt(from) == ' ') {
      from++;
    }
    int to = shown.length();
    while (to > from && shown.charAt(to - 1) == ' ') {
      to--;
    }
    String blank = escaped(' ');
    return blank.repeat(from) + shown.substring(from, to) + blank.repeat(shown.length() - to);
  }

  /** Whether a character is obeyed by what shows it, or is not seen. */
  public static boolean isHidden(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      case Character.SPACE_SEPARATOR -> character != ' ';
      default -> isBlank(character);
    };
  }

  /** Letters and marks that have no shape. */
  private static boolean isBlank(int character) {
    return switch (character) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
      default ->
          (character >= 0x180b && character <= 0x180f)
              || (character >= 0xfe00 && character <= 0xfe0f)
              || (character >= 0xe0100 && character <= 0xe01ef);
    };
  }

  private static String escaped(int character) {
    String hex = Integer.toHexString(character);
    return character > LAST_OF_FOUR_DIGITS
        ? "\\u{" + hex + "}"
        : "\\u" + "0".repeat(4 - hex.length()) + hex;
  }
}
