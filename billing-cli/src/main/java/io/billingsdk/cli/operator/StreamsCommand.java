package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Terminal;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing streams}: whether all that was reported is stored. */
@Command(
    name = "streams",
    description = {
      "Shows for each stream what was reported, what is stored, and which numbers are missing.",
      "Numbers that its instance dropped on purpose, and declared, are no gap. Its instance still"
          + " holds pending events. The exit code is of the shown streams."
    },
    exitCodeList = {
      "0:nothing is missing",
      "1:a stream has a gap, or cannot be read",
      "2:wrong usage",
      "3:not possible; the reason is on stderr"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing streams",
      "  billing streams --instance gateway-1 --state incomplete",
      "  billing streams --json | jq .items[].gaps",
      "  billing streams > /dev/null || echo 'usage is missing'"
    },
    mixinStandardHelpOptions = true,
    subcommands = {WriteOffCommand.class, HandOverCommand.class})
final class StreamsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Mixin private StreamFilter filter = new StreamFilter();

  @Option(
      names = "--json",
      description = "print one JSON object, as the API has it, with all ranges")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<StreamState> streams =
        options.with(
            database -> {
              String app = filter.app();
              return filter.of(
                  new Streams(database).all(),
                  app == null ? null : new Streams(database).ofApp(app));
            });
    if (json) {
      StreamList.printJson(streams, out);
    } else {
      StreamList.print(streams, out, Terminal.ofProcess());
    }
    out.flush();
    return streams.stream().allMatch(each -> each.readable() && each.gaps().isEmpty()) ? 0 : 1;
  }
}
