package io.billingsdk.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Prometheus' own tool, where it is installed. */
final class PromTool {
  private final Path tool;

  private PromTool(Path tool) {
    this.tool = tool;
  }

  /** Empty when it is not installed. */
  static Optional<PromTool> installed() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(each -> Path.of(each, "promtool"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(PromTool::new);
  }

  /** What it says against it; empty when nothing. */
  String run(Path directory, String... arguments) throws IOException, InterruptedException {
    Path said = Files.createTempFile(directory, "promtool", ".out");
    List<String> command = new ArrayList<>(List.of(tool.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "promtool does not end";
    }
    return process.exitValue() == 0 ? "" : Files.readString(said);
  }
}
