package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing subscriptions start}. */
@Command(
    name = "start",
    description =
        "Starts the subscription of a customer, over HTTP; with a finance token, for --preview to"
            + " read.",
    mixinStandardHelpOptions = true,
    // The examples are of one line, to be copied.
    usageHelpWidth = 120,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing subscriptions start --customer acme --plan pro --preview",
      "  billing subscriptions start --customer acme --plan pro --anchor 2027-01-15"
    })
final class SubscriptionsStartCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(names = "--customer", paramLabel = "CUSTOMER", required = true, description = "its id")
  private String customer = "";

  @Option(names = "--plan", paramLabel = "PLAN", required = true, description = "its id")
  private String plan = "";

  @Option(
      names = "--version-of-plan",
      paramLabel = "N",
      converter = Whole.Frequency.class,
      description = "default: the current one")
  private @Nullable Long version;

  @Option(
      names = "--anchor",
      paramLabel = "DAY",
      description = "a day on which a billing period begins, as 2027-01-31; default: the 1st")
  private @Nullable String anchor;

  @Option(
      names = "--proration",
      paramLabel = "RULE",
      description = "how a price is divided: by days or seconds; default: days")
  private @Nullable String proration;

  @Option(names = "--at", paramLabel = "TIME", description = SubscriptionChangeOptions.AT)
  private @Nullable String at;

  @Option(names = "--preview", description = "show what it would do, and store nothing")
  private boolean preview;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    JsonNode course =
        preview
            ? remote.http().get("/subscriptions/preview", query())
            : remote.http().change("/subscriptions", body());
    SubscriptionOutput.print(course, json, spec.commandLine().getOut());
  }

  private Query query() {
    return new Query()
        .with("customerId", customer)
        .with("plan", plan)
        .with("version", version)
        .with("anchor", anchor)
        .with("proration", proration)
        .with("at", at);
  }

  private byte[] body() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("customerId", customer).put("plan", plan).put("version", version);
    body.put("anchor", anchor).put("proration", proration).put("at", at);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
