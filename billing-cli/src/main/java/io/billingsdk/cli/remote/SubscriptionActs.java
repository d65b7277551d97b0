package io.billingsdk.cli.remote;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Commands that need no more than a subscription. */
final class SubscriptionActs {
  private SubscriptionActs() {}

  /** {@code billing subscriptions undo}. */
  @Command(
      name = "undo",
      description =
          "Takes back what is to happen at the end of the period, over HTTP; with a finance token,"
              + " for --preview to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing subscriptions undo 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")
  static final class Undo implements Runnable {
    @Mixin private RemoteOptions remote = new RemoteOptions();

    @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

    @Override
    public void run() {
      change.run(remote, Map.of("act", "undo"));
    }
  }

  /** {@code billing subscriptions pause}. */
  @Command(
      name = "pause",
      description = {
        "Lets a subscription rest, with a credit for the time that is paid, over HTTP; with a"
            + " finance token, for --preview to read.",
        "Until it is resumed the server refuses every call of the customer's keys."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing subscriptions pause 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")
  static final class Pause implements Runnable {
    @Mixin private RemoteOptions remote = new RemoteOptions();

    @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

    @Override
    public void run() {
      change.run(remote, Map.of("act", "pause"));
    }
  }

  /** {@code billing subscriptions resume}. */
  @Command(
      name = "resume",
      description =
          "Lets a paused subscription go on, over HTTP; with a finance token, for --preview to"
              + " read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing subscriptions resume 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")
  static final class Resume implements Runnable {
    @Mixin private RemoteOptions remote = new RemoteOptions();

    @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

    @Override
    public void run() {
      change.run(remote, Map.of("act", "resume"));
    }
  }

  /** {@code billing subscriptions reactivate}. */
  @Command(
      name = "reactivate",
      description =
          "Takes up a cancelled subscription again, with the plan that it had, over HTTP; with a"
              + " finance token, for --preview to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing subscriptions reactivate 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")
  static final class Reactivate implements Runnable {
    @Mixin private RemoteOptions remote = new RemoteOptions();

    @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

    @Override
    public void run() {
      change.run(remote, Map.of("act", "reactivate"));
    }
  }

  /** {@code billing subscriptions past-due}. */
  @Command(
      name = "past-due",
      description =
          "Says that a payment of a subscription was not made in time, over HTTP; with a finance"
              + " token, for --preview to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing subscriptions past-due 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")
  static final class PastDue implements Runnable {
    @Mixin private RemoteOptions remote = new RemoteOptions();

    @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

    @Override
    public void run() {
      change.run(remote, Map.of("act", "payment_missed"));
    }
  }

  /** {@code billing subscriptions paid}. */
  @Command(
      name = "paid",
      description =
          "Says that the past due payment of a subscription was made, over HTTP; with a finance"
              + " token, for --preview to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing subscriptions paid 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11")
  static final class Paid implements Runnable {
    @Mixin private RemoteOptions remote = new RemoteOptions();

    @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

    @Override
    public void run() {
      change.run(remote, Map.of("act", "payment_made"));
    }
  }
}
