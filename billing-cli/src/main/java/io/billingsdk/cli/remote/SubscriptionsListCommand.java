package io.billingsdk.cli.remote;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing subscriptions list}. */
@Command(
    name = "list",
    description = "Lists subscriptions, by id, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing subscriptions list --customer acme",
      "  billing subscriptions list --plan pro --state trialing --limit 10000 --csv"
    })
final class SubscriptionsListCommand implements Runnable {
  private static final int NAME = 32;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
  private @Nullable String customer;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "only those that are trialing, active, past_due, paused or cancelled")
  private @Nullable String state;

  @Option(names = "--plan", paramLabel = "PLAN", description = "only those that have this plan")
  private @Nullable String plan;

  @Override
  public void run() {
    Columns columns =
        new Columns()
            .whole("subscription", "subscriptionId")
            .text("customer", "customerId", NAME)
            .whole("state", "state")
            .text("plan", "plan", NAME)
            .number("version", "version")
            .whole("due", "dueAt")
            .number("revision", "revision");
    Query query = new Query().with("customerId", customer).with("state", state).with("plan", plan);
    list.print(remote.http(), "/subscriptions", query, columns);
  }
}
