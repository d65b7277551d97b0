package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.cli.console.Terminal;

/** Text of others, as it may be shown. */
final class Text {
  private Text() {}

  /**
   * Without what a terminal obeys: a module may be named so that it moves the cursor, or writes
   * from right to left.
   */
  static String printable(String text) {
    return Printable.text(text);
  }

  /** A printable text of at most that length, with an ellipsis in place of the rest. */
  static String cut(String text, int longest, Terminal terminal) {
    return Printable.shorten(text, longest, terminal);
  }
}
