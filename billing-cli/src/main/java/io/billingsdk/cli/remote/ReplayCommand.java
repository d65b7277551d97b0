package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Whole;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing replay}. */
@Command(
    name = "replay",
    description = {
      "Replays rejected events over HTTP; needs a token to write: one by its id, or all that match"
          + " the filters and were not replayed yet, the oldest first.",
      "Each passes through all checks again, under its first identity: a later copy from its"
          + " instance is then a duplicate. Events that are still refused stay as they were.",
      "--occurred-at-offset adds to the time of each, for events of a wrong clock."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:all of these events are in the ledger",
      "1:some of it is still rejected",
      "2:wrong usage",
      "3:the server refuses, or cannot be reached"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing replay 42",
      "  billing replay 42 --event event.json              another event in its place",
      "  billing replay --code IN_FUTURE --occurred-at-offset -25h --dry-run",
      "  billing replay --code IN_FUTURE --occurred-at-offset -25h --app acme"
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private BatchOptions batch = new BatchOptions();

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      converter = Whole.Id.class,
      description = "of a rejected event, as rejected list shows it")
  private @Nullable Long id;

  @Option(
      names = "--event",
      paramLabel = "FILE",
      description = "with ID: JSON of the event that is to be stored in its place")
  private @Nullable Path event;

  @Option(names = "--json", description = "print one JSON object a line, as the API has it")
  private boolean json;

  @Override
  public Integer call() {
    Long one = id;
    if ((one != null) == batch.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "give either ID, or a selection: --code, --instance … or --all");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (one == null) {
      if (event != null) {
        throw new ParameterException(spec.commandLine(), "--event needs ID");
      }
      return new ReplayBatch(remote.http(), batch.body(), batch.limit(), json)
          .run(out, spec.commandLine().getErr());
    }
    JsonNode answer = remote.http().change("/rejected/" + one + "/replay", content());
    out.println(json ? JsonLines.of(answer) : Text.printable(answer.path("status").asText()));
    out.flush();
    return 0;
  }

  private byte @Nullable [] content() {
    Path file = event;
    if (file == null) {
      return null;
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new CommandException(
          "--event: " + file + " cannot be read: " + Unreachable.why(unreadable), unreadable);
    }
  }
}
