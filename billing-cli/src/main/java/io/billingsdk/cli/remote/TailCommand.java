package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Terminal;
import io.billingsdk.cli.console.Whole;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code billing tail}. */
@Command(
    name = "tail",
    description = {
      "Shows events as they are stored and refused, over HTTP; needs a token to read.",
      "It shows events committed from now on. It is for watching, not for accounting. After a cut"
          + " it connects again and reads the missed events from the ledger, except usage that was"
          + " more than an hour old when it came, and refused events. Nothing is shown twice. A"
          + " slow reader sees how much was not shown."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:--count was reached, or the reader has gone",
      "2:wrong usage",
      "3:the server refuses, or could not be reached at the beginning",
      "130:stopped by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing tail",
      "  billing tail --app acme --model gpt-4 --metadata region=eu",
      "  billing tail --type rejected --json | jq .code",
      "  billing tail --module llm --count 10"
    })
final class TailCommand implements Runnable {
  /** Four times as long as the server is silent. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "usage or rejected; default: both, but with filters usage alone")
  private @Nullable String type;

  @Option(
      names = "--count",
      paramLabel = "N",
      converter = Whole.Count.class,
      description = "end after this many events; default: never")
  private long count = Long.MAX_VALUE;

  @Option(names = "--json", description = "print one JSON object a line, as the API has it")
  private boolean json;

  private long shown;

  @Override
  public void run() {
    if (type != null && !type.equals(TailItem.USAGE) && !type.equals(TailItem.REJECTED)) {
      throw new ParameterException(
          spec.commandLine(), "--type must be usage or rejected, but was " + type);
    }
    BillingHttp http = remote.http();
    TailLines lines = new TailLines(Terminal.ofProcess());
    PrintWriter out = spec.commandLine().getOut();
    Tail tail =
        new Tail(
            http,
            new Query().with("type", type).with(filter.query()),
            SILENCE,
            TailItem.REJECTED.equals(type) ? null : new TailGapFill(http, filter.query()),
            item -> {
              out.println(json ? item.json() : lines.line(item));
              shown += item.isLost() ? 0 : 1;
              // It flushes too; false when the reader of a pipe has gone.
              return !out.checkError() && shown < count;
            },
            this::notice);
    try {
      tail.follow();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void notice(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("billing: " + text);
    err.flush();
  }
}
