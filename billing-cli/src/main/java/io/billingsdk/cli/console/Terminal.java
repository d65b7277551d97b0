package io.billingsdk.cli.console;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a command writes to, and so what it may write. What goes into a pipe or a file has no
 * colour, no progress and no escape sequence in it.
 *
 * @param out whether stdout is a terminal
 * @param colour whether stdout shows colours: it is a terminal, none of the dumb ones, and {@code
 *     NO_COLOR} is not set (https://no-color.org)
 * @param progress whether stderr is a terminal on which a line can be written again and again
 * @param unicode whether characters beyond ASCII can be shown
 * @param columns how many characters fit in a line
 */
public record Terminal(
    boolean out, boolean colour, boolean progress, boolean unicode, int columns) {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int FEWEST_COLUMNS = 40;
  private static final int MOST_COLUMNS = 500;

  private static final int OUT = 1;
  private static final int ERR = 2;

  /** A file or a pipe that shows ASCII. */
  public static final Terminal NONE =
      new Terminal(
          /* out= */ false,
          /* colour= */ false,
          /* progress= */ false,
          /* unicode= */ false,
          DEFAULT_COLUMNS);

  /** That of this process: its streams stay what they are. */
  private static final class OfProcess {
    private static final Terminal TERMINAL = of(System::getenv, shown());

    private OfProcess() {}
  }

  /** That of this process. */
  public static Terminal ofProcess() {
    return OfProcess.TERMINAL;
  }

  /**
   * What an environment makes of it.
   *
   * @param shown 1 when stdout is a terminal, 2 when stderr is, 3 when both are
   */
  static Terminal of(UnaryOperator<@Nullable String> environment, int shown) {
    String term = text(environment, "TERM");
    boolean able = !term.isEmpty() && !term.equals("dumb");
    return new Terminal(
        (shown & OUT) != 0,
        (shown & OUT) != 0 && able && text(environment, "NO_COLOR").isEmpty(),
        (shown & ERR) != 0 && able,
        isUnicode(environment),
        columns(text(environment, "COLUMNS"), shown));
  }

  /** By the first of the variables that say it, as the C library has it. */
  private static boolean isUnicode(UnaryOperator<@Nullable String> environment) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = text(environment, name).toUpperCase(Locale.ROOT);
      if (!locale.isEmpty()) {
        return locale.contains("UTF-8") || locale.contains("UTF8");
      }
    }
    return false;
  }

  private static String text(UnaryOperator<@Nullable String> environment, String name) {
    String value = environment.apply(name);
    return value == null ? "" : value;
  }

  private static int columns(String variable, int shown) {
    String said = variable.isEmpty() && shown != 0 ? size() : variable;
    if (!said.matches("[0-9]{1,4}") || Integer.parseInt(said) == 0) {
      return DEFAULT_COLUMNS;
    }
    return Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, Integer.parseInt(said)));
  }

  /** Java tells of stdin and stdout together alone, and 'send < file' is to show its progress. */
  private static int shown() {
    try {
      Process asked =
          new ProcessBuilder(
                  "sh", "-c", "n=0; test -t 1 && n=1; test -t 2 && n=$((n + 2)); exit $n")
              .inheritIO()
              .start();
      return asked.waitFor() & (OUT | ERR);
    } catch (IOException noShell) {
      return 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static String size() {
    try {
      Process asked =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      boolean ended = asked.waitFor(1, TimeUnit.SECONDS);
      return ended ? said.replaceFirst("^\\d+ ", "").trim() : "";
    } catch (IOException noTerminal) {
      return "";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
