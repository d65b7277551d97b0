package io.billingsdk.examples.demo;

import io.billingsdk.cli.console.Terminal;
import io.billingsdk.cli.console.Whole;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./billing demo}: reads the options; {@link DemoRun} does the work. */
@Command(
    name = "demo",
    description = {
      "Runs the billing server with its MQTT broker and its PostgreSQL, an AI gateway that checks"
          + " API keys and reports usage, and a client that calls it with good and bad keys; blocks"
          + " a key half-way; kills the server with SIGKILL and starts it again; then compares what"
          + " was reported with what is stored.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything agrees",
      "1:something does not agree, or could not be started",
      "2:an option is wrong, or PostgreSQL cannot run on this machine",
      "130:stopped with Ctrl-C"
    },
    footer = {
      "",
      "Examples:",
      "  ./billing demo",
      "  ./billing demo --calls 1000 --seed 7",
      "  ./billing demo --input ~/my-inputs      your *.txt (a prompt a line) and *.wav",
      "  ./billing demo --json > result.json     one JSON object; progress on stderr",
      "  ./billing demo --keep-running           then call the gateway yourself"
    })
final class DemoCommand implements Callable<Integer> {
  private static final int MOST_CALLS = 1_000_000;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private int calls = 200;
  private @Nullable Long seed;
  private @Nullable Path input;

  @Option(
      names = "--keep-running",
      order = 4,
      description = "Go on serving until Ctrl-C, and say how to call the gateway.")
  private boolean keepRunning;

  @Option(
      names = "--json",
      order = 5,
      description = "Print the result as one JSON object on stdout, everything else on stderr.")
  private boolean json;

  @Option(
      names = "--calls",
      paramLabel = "N",
      converter = Calls.class,
      order = 1,
      description = "How many calls, " + CallPlan.FEWEST_CALLS + " to 1000000; default 200.")
  void setCalls(long value) {
    calls = Math.toIntExact(value);
  }

  private static final class Calls implements Whole {
    @Override
    public long least() {
      return CallPlan.FEWEST_CALLS;
    }

    @Override
    public long most() {
      return MOST_CALLS;
    }
  }

  private static final class Seed implements Whole {
    @Override
    public long least() {
      return Long.MIN_VALUE;
    }

    @Override
    public long most() {
      return Long.MAX_VALUE;
    }
  }

  @Option(
      names = "--seed",
      paramLabel = "S",
      converter = Seed.class,
      order = 2,
      description = "The same seed makes the same calls; default: a random one, which is printed.")
  void setSeed(long value) {
    seed = value;
  }

  @Option(
      names = "--input",
      paramLabel = "DIR",
      order = 3,
      description = "Take prompts (*.txt, one a line) and audio (*.wav) from there.")
  void setInput(Path value) {
    input = value;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    DemoInputs inputs = inputs();
    long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = json ? spec.commandLine().getErr() : out;
    Narrator narrator = new Narrator(progress, !json && Terminal.ofProcess().colour());
    DemoRun run = new DemoRun(new ScenarioSettings(calls, chosen, inputs), narrator, out, progress);
    return run.run(json, keepRunning);
  }

  private DemoInputs inputs() throws IOException {
    if (input == null) {
      return DemoInputs.shipped();
    }
    try {
      return DemoInputs.from(input);
    } catch (IOException unusable) {
      throw new ParameterException(
          spec.commandLine(), "--input: " + unusable.getMessage(), unusable);
    }
  }
}
