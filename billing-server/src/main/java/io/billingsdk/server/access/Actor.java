package io.billingsdk.server.access;

/**
 * Who changes something, as the audit log names them.
 *
 * @param name of an operator, or {@code cli:} and the operating system's user
 */
public record Actor(String name) {
  private static final int MOST = 128;

  /** Whoever runs a command on this machine. */
  public static Actor commandLine() {
    String user = System.getProperty("user.name", "?").replace("\0", "");
    return new Actor("cli:" + user.substring(0, Math.min(user.length(), MOST)));
  }
}
