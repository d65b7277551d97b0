package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.WrongOptionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing quotas list}. */
@Command(
    name = "list",
    description = "Lists the quotas of a customer or of a key, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  billing quotas list --key KEY_ID", "  billing quotas list --customer acme --csv"})
final class QuotasListCommand implements Runnable {
  private static final int NAME = 40;

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ListOptions list = new ListOptions();

  @Option(names = "--customer", paramLabel = "ID", description = "of this customer and its keys")
  private @Nullable String customer;

  @Option(names = "--key", paramLabel = "KEY_ID", description = "that usage of this key counts to")
  private @Nullable String key;

  @Override
  public void run() {
    String path;
    if (customer != null && key == null) {
      path = "/customers/" + Query.segment(customer) + "/quotas";
    } else if (key != null && customer == null) {
      path = "/keys/" + Query.segment(key) + "/quotas";
    } else {
      throw new WrongOptionException("give either --customer or --key");
    }
    Columns columns =
        new Columns()
            .text("quota", "quota", NAME)
            .whole("mode", "mode")
            .number("limit", "limit")
            .number("extended", "extended")
            .number("used", "used")
            .number("leased", "leased")
            .number("remaining", "remaining")
            .whole("thresholds", "thresholds")
            .whole("every", "thresholdEvery")
            .whole("enforced by", "enforcedBy")
            .whole("resets", "resetsAt")
            .whole("projected", "projectedAt");
    list.print(remote.http(), path, new Query(), columns);
  }
}
