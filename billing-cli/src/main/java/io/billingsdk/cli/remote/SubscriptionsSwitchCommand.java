package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Whole;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing subscriptions switch}. */
@Command(
    name = "switch",
    description = {
      "Gives a subscription another plan, over HTTP; with a finance token, for --preview to read.",
      "A plan that costs more a day begins now, and one that costs less at the end of the period."
    },
    mixinStandardHelpOptions = true,
    // The examples are of one line, to be copied.
    usageHelpWidth = 120,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing subscriptions switch 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --plan enterprise"
          + " --preview",
      "  billing subscriptions switch 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --plan free --timing now"
    })
final class SubscriptionsSwitchCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private SubscriptionChangeOptions change = new SubscriptionChangeOptions();

  @Option(
      names = "--plan",
      paramLabel = "PLAN",
      required = true,
      description = "the id of the new plan")
  private String plan = "";

  @Option(
      names = "--version-of-plan",
      paramLabel = "N",
      converter = Whole.Frequency.class,
      description = "default: the current one")
  private @Nullable Long version;

  @Option(
      names = "--timing",
      paramLabel = "WHEN",
      description = "now or period_end; default: by the prices")
  private @Nullable String timing;

  @Override
  public void run() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("act", "switch");
    fields.put("plan", plan);
    if (version != null) {
      fields.put("version", version);
    }
    if (timing != null) {
      fields.put("timing", timing);
    }
    change.run(remote, fields);
  }
}
