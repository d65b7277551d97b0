package io.billingsdk.cli.remote;

import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing subscriptions payment}. */
@Command(
    name = "payment",
    description =
        "Says that a payment is past due, or that it was made, over HTTP; with a token to write,"
            + " for --preview to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing subscriptions payment 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --missed",
      "  billing subscriptions payment 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --made"
    })
final class SubscriptionsPaymentCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  private static final class Which {
    @Option(names = "--missed", description = "the subscription is past due")
    private boolean missed;

    @Option(names = "--made", description = "the subscription is active again")
    private boolean made;
  }

  @Override
  public void run() {
    change.run(remote, Map.of("act", which.made ? "payment_made" : "payment_missed"));
  }
}
