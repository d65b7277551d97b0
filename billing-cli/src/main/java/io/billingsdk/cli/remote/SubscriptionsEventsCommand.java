package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Uuid;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code billing subscriptions events ID}. */
@Command(
    name = "events",
    description =
        "Lists what happened to a subscription, in order, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing subscriptions events 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")
final class SubscriptionsEventsCommand implements Runnable {
  private static final int NAME = 32;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Parameters(
      paramLabel = "ID",
      converter = Uuid.class,
      description = "as subscriptions list shows it")
  private UUID id = new UUID(0, 0);

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .number("number", "number")
            .whole("at", "at")
            .whole("act", "act")
            .whole("state", "state")
            .text("by", "actor", NAME);
    list.print(remote.http(), "/subscriptions/" + id + "/events", new Query(), columns);
  }
}
