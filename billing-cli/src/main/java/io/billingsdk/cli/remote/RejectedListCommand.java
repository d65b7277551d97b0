package io.billingsdk.cli.remote;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code billing rejected list}. */
@Command(
    name = "list",
    description = {
      "Lists rejected events, the latest first, over HTTP; needs a token to read.",
      "The time is that at which an event came."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing rejected list",
      "  billing rejected list --code IN_FUTURE --open --last 24h",
      "  billing rejected list --instance gateway-1 --limit 10000 --csv > rejected.csv"
    })
final class RejectedListCommand implements Runnable {
  private static final int NAME = 32;
  private static final int DETAIL = 80;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Mixin private PeriodOptions period = new PeriodOptions();

  @Mixin private KeptOptions kept = new KeptOptions();

  @Option(names = "--code", paramLabel = "CODE", description = "only for this reason: TOO_OLD")
  private @Nullable String code;

  @ArgGroup private Replayed replayed = new Replayed();

  /** One of these; neither: both. */
  private static final class Replayed {
    @Option(names = "--replayed", description = "only what was replayed")
    private boolean only;

    @Option(names = "--open", description = "only what was not replayed")
    private boolean open;
  }

  @Override
  public void run() {
    if (code != null && !code.matches("[A-Z_]{1,64}")) {
      throw new ParameterException(
          spec.commandLine(), "--code must be a code as TOO_OLD, but was " + code);
    }
    Query query =
        new Query()
            .with("code", code)
            .with("replayed", replayed.only ? "true" : replayed.open ? "false" : null)
            .with(kept.query(period));
    Columns columns =
        new Columns()
            .number("id", "id")
            .whole("received", "receivedAt")
            .text("instance", "instance", NAME)
            .whole("code", "code")
            .text("detail", "detail", DETAIL)
            .whole("stream", "stream")
            .number("seq", "seq")
            .whole("replayed", "replayedAt");
    list.print(remote.http(), "/rejected", query, columns);
  }
}
