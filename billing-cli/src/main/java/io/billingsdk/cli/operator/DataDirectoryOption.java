package io.billingsdk.cli.operator;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the data of a server is. */
final class DataDirectoryOption {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the data of this server; default: ./billing-data")
  private Path directory = Path.of("billing-data");

  Path path() {
    return directory.toAbsolutePath().normalize();
  }
}
