package io.billingsdk.server.db;

import java.io.IOException;

/** What an exception says, for people: in one line, however many lines a library makes of it. */
public final class OneLine {
  private OneLine() {}

  /** Its message; with the kind of it where the message is but a name, as of a file. */
  public static String of(Throwable failed) {
    String message = failed.getMessage();
    if (message == null || message.isBlank()) {
      return failed.getClass().getSimpleName();
    }
    String said = message.strip().replaceAll("\\s*\\R\\s*", "; ");
    // FileNotFoundException and its like say the path alone.
    boolean name = failed instanceof IOException && !said.contains(" ");
    return name ? failed.getClass().getSimpleName() + ": " + said : said;
  }
}
