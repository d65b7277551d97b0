package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Whole;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing subscriptions bill-day}. */
@Command(
    name = "bill-day",
    description = {
      "Lets the billing periods of a subscription begin on another day of the month, over HTTP;"
          + " with a finance token, for --preview to read.",
      "The running period ends as announced, and the one after it is short."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing subscriptions bill-day 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --day 25")
final class SubscriptionsBillDayCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

  @Option(
      names = "--day",
      paramLabel = "N",
      required = true,
      converter = Whole.MonthDay.class,
      description = "from 1 to 31; in a shorter month its last day")
  private long day;

  @Option(
      names = "--now",
      description =
          "end the running period on the first such day that comes, with a credit for the rest of"
              + " what is paid")
  private boolean now;

  @Override
  public void run() {
    change.run(
        remote, Map.of("act", "bill_day", "billDay", day, "timing", now ? "now" : "period_end"));
  }
}
