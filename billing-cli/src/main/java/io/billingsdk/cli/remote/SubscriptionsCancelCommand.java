package io.billingsdk.cli.remote;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing subscriptions cancel}. */
@Command(
    name = "cancel",
    description = {
      "Ends a subscription with its period, or now, over HTTP; with a finance token, for --preview"
          + " to read.",
      "From then on the server refuses every call of the customer's keys."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing subscriptions cancel 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11",
      "  billing subscriptions cancel 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --now"
    })
final class SubscriptionsCancelCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

  @Option(names = "--now", description = "at once, with a credit for the time that is paid")
  private boolean now;

  @Override
  public void run() {
    change.run(remote, Map.of("act", "cancel", "timing", now ? "now" : "period_end"));
  }
}
