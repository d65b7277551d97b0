package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Uuid;
import io.billingsdk.cli.console.Whole;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing conflicting show STREAM SEQ}. */
@Command(
    name = "show",
    description = {
      "Shows the events that came with an identity that another event has, over HTTP; needs a token"
          + " to read.",
      "If one is usage of its own, send it again with 'billing send' and an idempotency key."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing conflicting show 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 7")
final class ConflictingShowCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(
      index = "0",
      paramLabel = "STREAM",
      converter = Uuid.class,
      description = "as conflicting list shows it")
  private UUID stream = new UUID(0, 0);

  @Parameters(
      index = "1",
      paramLabel = "SEQ",
      converter = Whole.Id.class,
      description = "the number in the stream")
  private long seq;

  @Option(names = "--json", description = "print one JSON object a line, as the API has it")
  private boolean json;

  @Override
  public void run() {
    List<JsonNode> found = new ArrayList<>();
    new Pages(remote.http(), "/conflicting", new Query().with("stream", stream), Long.MAX_VALUE)
        .forEach(
            item -> {
              if (item.path("seq").longValue() == seq) {
                found.add(item);
              }
            });
    if (found.isEmpty()) {
      throw new CommandException("nothing conflicts with event " + seq + " of stream " + stream);
    }
    PrintWriter out = spec.commandLine().getOut();
    for (int i = 0; i < found.size(); i++) {
      if (i > 0 && !json) {
        out.println();
      }
      ListOptions.printOne(found.get(i), json, out);
    }
    out.flush();
  }
}
