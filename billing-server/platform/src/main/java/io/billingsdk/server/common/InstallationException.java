package io.billingsdk.server.common;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The installation keeps the server from a start, a stop or a backup: a directory, a port, a
 * database or a certificate is not as it must be. Its operator can put that right; to a client of
 * the HTTP API it is a fault of the server. Immutable.
 */
public final class InstallationException extends ServerException {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final @Nullable String expected;

  /** With the problem in words. */
  public InstallationException(String problem) {
    this(problem, null, null);
  }

  /** The same with the cause. */
  public InstallationException(String problem, @Nullable Throwable cause) {
    this(problem, null, cause);
  }

  private InstallationException(
      String problem, @Nullable String expected, @Nullable Throwable cause) {
    super(expected == null ? problem : problem + "; " + expected, cause);
    this.problem = problem;
    this.expected = expected;
  }

  /**
   * The same with the step that puts it right.
   *
   * @param expected of the operator, as {@code name another directory}
   */
  public static InstallationException of(String problem, String expected) {
    return new InstallationException(problem, expected, null);
  }

  /** The same with the cause. */
  public static InstallationException of(String problem, String expected, Throwable cause) {
    return new InstallationException(problem, expected, cause);
  }

  /**
   * What an exception says, for people: its message in one line, however many lines a library makes
   * of it; with the kind of it where the message is but a name, as of a file.
   */
  public static String reason(Throwable failed) {
    String message = failed.getMessage();
    if (message == null || message.isBlank()) {
      return failed.getClass().getSimpleName();
    }
    String said = message.strip().replaceAll("\\s*\\R\\s*", "; ");
    // FileNotFoundException and its like say the path alone.
    boolean name = failed instanceof IOException && !said.contains(" ");
    return name ? failed.getClass().getSimpleName() + ": " + said : said;
  }

  /** The problem, without the step that puts it right. */
  public String problem() {
    return problem;
  }

  /** The step that puts it right; null where the problem says it. */
  public @Nullable String expected() {
    return expected;
  }
}
