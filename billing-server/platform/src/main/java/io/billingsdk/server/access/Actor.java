package io.billingsdk.server.access;

import io.billingsdk.server.db.OsUser;

/**
 * Who changes something, as the audit log names them.
 *
 * @param name of an operator, or {@code cli:} and the operating system's user
 */
public record Actor(String name) {
  private static final int MOST = 128;

  /** The user who runs a command on this machine, as the operating system has it. */
  public static Actor commandLine() {
    String user = OsUser.name();
    return new Actor("cli:" + user.substring(0, Math.min(user.length(), MOST)));
  }
}
