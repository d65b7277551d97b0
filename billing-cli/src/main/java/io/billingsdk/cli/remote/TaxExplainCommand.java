package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing tax explain}. */
@Command(
    name = "explain",
    description =
        "Says which tax a customer has on a day, and why, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax explain acme --day 2026-07-01")
final class TaxExplainCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "CUSTOMER", description = "as customers list shows it")
  private String customer = "";

  @Option(
      names = "--day",
      paramLabel = "DAY",
      required = true,
      description = "the tax point: 2026-07-01")
  private String day = "";

  @Override
  public void run() {
    String path = "/customers/" + Query.segment(customer) + "/tax/" + Query.segment(day);
    shown.print(remote.http().get(path, new Query()));
  }
}
