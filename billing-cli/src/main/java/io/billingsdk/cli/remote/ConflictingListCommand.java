package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code billing conflicting list}. */
@Command(
    name = "list",
    description = {
      "Lists events that have the identity of a counted event and other content, by stream and"
          + " number, over HTTP; needs a token to read.",
      "The time is that at which an event came."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing conflicting list",
      "  billing conflicting list --instance gateway-1 --last 7d --json"
    })
final class ConflictingListCommand implements Runnable {
  private static final int NAME = 32;
  private static final int CONTENT = 100;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Mixin private PeriodOptions period = new PeriodOptions();

  @Mixin private KeptOptions kept = new KeptOptions();

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .whole("stream", "stream")
            .number("seq", "seq")
            .whole("received", "receivedAt")
            .text("instance", "instance", NAME)
            .text("content", "content", CONTENT);
    list.print(remote.http(), "/conflicting", kept.query(period), columns);
  }
}
