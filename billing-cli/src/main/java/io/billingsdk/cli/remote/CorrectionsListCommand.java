package io.billingsdk.cli.remote;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing corrections list}. */
@Command(
    name = "list",
    description = "Lists corrections, the latest first, over HTTP; needs a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing corrections list",
      "  billing corrections list --app acme --limit 10000 --csv > corrections.csv"
    })
final class CorrectionsListCommand implements Runnable {
  private static final int NAME = 32;
  private static final int REASON = 60;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Option(names = "--app", paramLabel = "APP", description = "only of this app")
  private @Nullable String app;

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .whole("corrected", "correctedAt")
            .text("app", "appId", NAME)
            .number("usage", "usage")
            .number("difference", "difference")
            .text("reason", "reason", REASON)
            .text("by", "actor", NAME)
            .within("stream", "corrects", "stream")
            .within("seq", "corrects", "seq")
            .within("used", "corrects", "occurredAt");
    list.print(remote.http(), "/corrections", new Query().with("appId", app), columns);
  }
}
