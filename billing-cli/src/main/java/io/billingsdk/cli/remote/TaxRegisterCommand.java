package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing tax register}. */
@Command(
    name = "register",
    description = "Registers a seller for a tax, over HTTP; with a token of the scope finance.",
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer =
        "  billing tax register acme --scheme sales_tax --country US --region NY --number 12 --from"
            + " 2026-01-01")
final class TaxRegisterCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "SELLER", description = "as sellers list shows it")
  private String seller = "";

  @Option(
      names = "--scheme",
      paramLabel = "SCHEME",
      required = true,
      description = "vat, oss or sales_tax")
  private String scheme = "";

  @Option(
      names = "--country",
      paramLabel = "CODE",
      required = true,
      description = "FR, US, of ISO 3166; of oss the one that it is registered in")
  private String country = "";

  @Option(
      names = "--region",
      paramLabel = "CODE",
      description = "the state or province, of sales_tax: NY")
  private @Nullable String region;

  @Option(
      names = "--number",
      paramLabel = "NUMBER",
      required = true,
      description = "the seller's tax id there")
  private String number = "";

  @Option(
      names = "--from",
      paramLabel = "DAY",
      required = true,
      description = "the first day: 2026-01-01")
  private String from = "";

  @Option(names = "--to", paramLabel = "DAY", description = "the last day; without it, it has none")
  private @Nullable String to;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("scheme", scheme).put("country", country);
    CustomersCommand.put(body, "region", region);
    body.put("number", number).put("validFrom", from);
    CustomersCommand.put(body, "validTo", to);
    String path = "/sellers/" + Query.segment(seller) + "/tax-registrations";
    shown.print(remote.http().change(path, BillingHttp.bytes(body)));
  }
}
