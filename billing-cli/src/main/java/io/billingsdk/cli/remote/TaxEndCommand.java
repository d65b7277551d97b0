package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing tax end}. */
@Command(
    name = "end",
    description = "Ends a registration with a day, over HTTP; with a token of the scope finance.",
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax end acme REGISTRATION_ID --last-day 2026-06-30")
final class TaxEndCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "SELLER", description = "as sellers list shows it")
  private String seller = "";

  @Parameters(paramLabel = "REGISTRATION", description = "as tax registrations shows it")
  private String registration = "";

  @Option(names = "--last-day", paramLabel = "DAY", required = true, description = "as 2026-06-30")
  private String lastDay = "";

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("lastDay", lastDay);
    String path =
        "/sellers/"
            + Query.segment(seller)
            + "/tax-registrations/"
            + Query.segment(registration)
            + "/end";
    shown.print(remote.http().change(path, BillingHttp.bytes(body)));
  }
}
