package io.billingsdk.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Passwords that are not on the command line, where every process list would show them. */
public final class PasswordFile {
  private PasswordFile() {}

  /** What the file holds; without one, the variable; without either, nothing. */
  public static String read(@Nullable Path file, String variable) {
    if (file == null) {
      String value = System.getenv(variable);
      return value == null ? "" : value;
    }
    try {
      return Files.readString(file).trim();
    } catch (IOException failed) {
      throw new CommandException("the password file cannot be read: " + file, failed);
    }
  }
}
