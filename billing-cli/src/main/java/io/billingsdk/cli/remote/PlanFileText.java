package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.CommandException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Plan files of this machine. */
final class PlanFileText {
  private static final long MOST_BYTES = 4 * 1024 * 1024;

  private PlanFileText() {}

  /** A file of at most 4 MiB in UTF-8. */
  static String read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CommandException(file + " must have at most " + MOST_BYTES + " bytes");
      }
      return Files.readString(file);
    } catch (NoSuchFileException none) {
      throw new CommandException("there is no file " + file, none);
    } catch (MalformedInputException other) {
      throw new CommandException(file + " must be in UTF-8", other);
    } catch (IOException failed) {
      throw new CommandException(file + " cannot be read: " + Unreachable.why(failed), failed);
    }
  }
}
