package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing tax set}. */
@Command(
    name = "set",
    description = {
      "Sets what a customer is for taxes from a day on; issued documents keep theirs.",
      "Over HTTP; with a token of the scope finance."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax set acme --from 2026-07-01 --country IT --tax-id IT00743110157")
final class TaxSetCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "CUSTOMER", description = "as customers list shows it")
  private String customer = "";

  @Option(
      names = "--from",
      paramLabel = "DAY",
      required = true,
      description = "the first day: 2026-07-01")
  private String from = "";

  @Option(
      names = "--country",
      paramLabel = "CODE",
      required = true,
      description = "FR, US, of ISO 3166")
  private String country = "";

  @Option(
      names = "--region",
      paramLabel = "CODE",
      description = "a state, as NY, or another part with a tax of its own")
  private @Nullable String region;

  @Option(
      names = "--tax-id",
      paramLabel = "ID",
      description = "of a business; without it, the customer is a consumer")
  private @Nullable String taxId;

  @Option(
      names = "--supply",
      paramLabel = "KIND",
      description = "digital, service or goods; default: digital")
  private @Nullable String supply;

  @Option(names = "--exempt", paramLabel = "CATEGORY", description = "E (exempt) or Z (zero rate)")
  private @Nullable String exempt;

  @Option(
      names = "--exempt-code",
      paramLabel = "CODE",
      description = "of the list VATEX: VATEX-EU-151")
  private @Nullable String exemptCode;

  @Option(names = "--exempt-reason", paramLabel = "TEXT", description = "why, as documents show it")
  private @Nullable String exemptReason;

  @Option(
      names = "--exempt-until",
      paramLabel = "DAY",
      description = "the last day of the exemption")
  private @Nullable String exemptUntil;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("validFrom", from).put("country", country);
    CustomersCommand.put(body, "region", region);
    CustomersCommand.put(body, "taxId", taxId);
    CustomersCommand.put(body, "supply", supply);
    if (exempt != null || exemptCode != null || exemptReason != null || exemptUntil != null) {
      ObjectNode exemption = body.putObject("exemption");
      CustomersCommand.put(exemption, "category", exempt);
      CustomersCommand.put(exemption, "code", exemptCode);
      CustomersCommand.put(exemption, "reason", exemptReason);
      CustomersCommand.put(exemption, "until", exemptUntil);
    }
    String path = "/customers/" + Query.segment(customer) + "/tax";
    shown.print(remote.http().change("PUT", path, BillingHttp.bytes(body)));
  }
}
