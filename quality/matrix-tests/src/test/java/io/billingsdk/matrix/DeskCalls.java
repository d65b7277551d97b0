package io.billingsdk.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients of a {@code DeskApplication}, each in a process of its own with the row's gRPC.
 *
 * @param grpcPort of the application
 */
record DeskCalls(Row row, int grpcPort, DeskLedger.Login login) {
  private static final Pattern OUTCOMES = Pattern.compile("outcomes (right=\\d+ of=\\d+)");
  private static final Pattern LOAD = Pattern.compile("load answered=(\\d+) endings=\\[(.*)]");

  /**
   * How a load went.
   *
   * @param answered calls that ended with OK
   * @param endings how those ended that were the last
   */
  record Load(long answered, String endings) {}

  /** Each outcome once. */
  String outcomes() throws IOException {
    return found(OUTCOMES, run("outcomes", () -> {})).group(1);
  }

  /** One call with the good key. */
  String one() throws IOException {
    return found(OUTCOMES, run("one", () -> {})).group(1);
  }

  /** Calls from many threads; once they run, the server is stopped. */
  Load loadUntil(Runnable stop) throws IOException {
    Matcher load = found(LOAD, run("load", stop));
    return new Load(Long.parseLong(load.group(1)), load.group(2));
  }

  private List<String> run(String how, Runnable whenItRuns) throws IOException {
    Process process =
        new ProcessBuilder(
                row.command(
                    "io.billingsdk.matrix.DeskClient",
                    String.valueOf(grpcPort),
                    login.goodKey(),
                    login.blockedKey(),
                    how))
            .redirectErrorStream(true)
            .start();
    List<String> said = new ArrayList<>();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.add(line);
        if (line.equals("load runs")) {
          whenItRuns.run();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    return said;
  }

  private static Matcher found(Pattern what, List<String> said) {
    Matcher matcher = what.matcher(String.join("\n", said));
    if (!matcher.find()) {
      throw new AssertionError("the client said " + said);
    }
    return matcher;
  }
}
