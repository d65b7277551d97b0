package io.billingsdk.fuzz;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of Jazzer, in a process of its own: it changes classes as they are loaded, and ends the
 * process with what it finds.
 *
 * @param proof the name of the line that it prints
 * @param test a class with fuzz tests
 * @param method the one to run
 * @param seconds how long it looks for inputs
 * @param maxBytes the longest input
 * @param release the seconds from which on it is of the size of a release
 */
record FuzzRun(String proof, String test, String method, long seconds, int maxBytes, long release) {
  private static final int EXIT_FINDING = 77;

  /** Beyond all bounds of {@link FuzzMeter}: for what never returns. */
  private static final int HANG_SECONDS = 60;

  /** What guides it: our code, and of Jackson what reads the bytes; all of it takes seconds. */
  private static final String GUIDES =
      String.join(
          ":",
          "io.billingsdk.internal.**",
          "io.billingsdk.protocol.**",
          "com.fasterxml.jackson.core.base.**",
          "com.fasterxml.jackson.core.io.NumberInput",
          "com.fasterxml.jackson.core.json.UTF8StreamJsonParser",
          "com.fasterxml.jackson.core.util.TextBuffer");

  private static final Pattern EXECUTED =
      Pattern.compile("stat::number_of_executed_units: +(\\d+)");
  private static final Pattern DONE = Pattern.compile("Done \\d+ runs in (\\d+) second");
  private static final Pattern SEED = Pattern.compile("INFO: Seed: (\\d+)");
  private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+)");

  /** Runs it and prints its line; false when Jazzer cannot run on this machine. */
  boolean run(Path directory) throws Exception {
    Path corpus = Files.createDirectories(directory.resolve("corpus"));
    Path log = directory.resolve("log.txt");
    Path report = directory.resolve("report.properties");
    Process process =
        new ProcessBuilder(command(directory, corpus, report))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(seconds + 120, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String output = Files.readString(log);
    if (output.contains("UnsatisfiedLinkError")) {
      Proof.skipped(proof, "Jazzer's native part does not run on this machine, " + method);
      return false;
    }
    int exit = ended ? process.exitValue() : -1;
    print(output, report, exit);
    if (exit != 0) {
      throw new AssertionError(explain(output, exit, directory));
    }
    return true;
  }

  private List<String> command(Path directory, Path corpus, Path report) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.add("-Dfuzz.report=" + report.toAbsolutePath());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + test);
    command.add("--target_method=" + method);
    command.add("--hooks=true");
    command.add("--instrumentation_includes=" + GUIDES);
    command.add("--custom_hook_includes=" + GUIDES);
    command.add("-max_total_time=" + seconds);
    command.add("-max_len=" + maxBytes);
    command.add("-timeout=" + HANG_SECONDS);
    command.add("-print_final_stats=1");
    command.add("-artifact_prefix=" + directory.toAbsolutePath() + "/");
    command.add(corpus.toAbsolutePath().toString());
    return command;
  }

  private void print(String output, Path report, int exit) throws IOException {
    Properties figures = new Properties();
    if (Files.exists(report)) {
      try (Reader in = Files.newBufferedReader(report)) {
        figures.load(in);
      }
    }
    Proof.sized(proof, seconds, release)
        .with("engine", "jazzer")
        .with("target", method)
        .with("inputs", last(EXECUTED, output))
        .with("seconds", last(DONE, output))
        .with("crashes", exit == 0 ? 0 : 1)
        .with("worst_ms", figures.getProperty("worst_ms", "unknown"))
        .with("max_alloc_bytes", figures.getProperty("max_alloc_bytes", "unknown"))
        .with("coverage", last(COVERAGE, output))
        .with("seed", last(SEED, output))
        .print();
  }

  private String explain(String output, int exit, Path directory) {
    String end = output.substring(Math.max(0, output.length() - 6_000));
    String what = exit == EXIT_FINDING ? "found an input that fails" : "ended with " + exit;
    return "fuzzing %s.%s %s; the input is in %s: as a file of src/test/resources it stays tested\n%s"
        .formatted(test, method, what, directory, end);
  }

  private static String last(Pattern pattern, String output) {
    String found = "unknown";
    for (Matcher matcher = pattern.matcher(output); matcher.find(); ) {
      found = matcher.group(1);
    }
    return found;
  }
}
