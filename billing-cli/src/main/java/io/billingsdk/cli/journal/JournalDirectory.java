package io.billingsdk.cli.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks the directory that a command was given. */
final class JournalDirectory {
  private JournalDirectory() {}

  /** The directory; anything else is a bad argument, with exit code 2. */
  static Path checked(Path directory, CommandSpec command) {
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(
          command.commandLine(), "DIR must be the directory of a journal, but was " + directory);
    }
    return directory;
  }
}
