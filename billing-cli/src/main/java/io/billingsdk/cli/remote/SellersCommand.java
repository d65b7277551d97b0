package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing sellers …}. */
@Command(
    name = "sellers",
    description = "Shows and makes sellers: in whose name invoices are issued.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing sellers list"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class SellersCommand {
  private static final int NAME = 32;

  @Command(
      name = "list",
      description = "Lists sellers by id, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing sellers list --json")
  void list(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("seller", "sellerId")
            .text("name", "name", NAME)
            .whole("currency", "currency")
            .whole("zone", "zone")
            .within("country", "address", "country");
    list.print(remote.http(), "/sellers", new Query(), columns);
  }

  @Command(
      name = "settings",
      description = {
        "Shows how a seller bills, or changes it, over HTTP.",
        "With a token to read; for a change of the scope finance. An option that is not given"
            + " changes nothing."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing sellers settings de --net-days 14")
  void settings(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "SELLER", description = "the id") String seller,
      @Option(names = "--holder", paramLabel = "NAME", description = "of the bank account")
          @Nullable String holder,
      @Option(names = "--iban", paramLabel = "IBAN", description = "of the bank account")
          @Nullable String iban,
      @Option(names = "--bic", paramLabel = "BIC", description = "of the bank")
          @Nullable String bic,
      @Option(
              names = "--net-days",
              paramLabel = "N",
              converter = Whole.NetDays.class,
              description = "terms of customers without terms of their own: 0 to 365 days")
          @Nullable Long netDays,
      @Option(names = "--template", paramLabel = "NAME", description = "of documents")
          @Nullable String template) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    if (holder != null || iban != null || bic != null) {
      ObjectNode bank = body.putObject("bank");
      CustomersCommand.put(bank, "holder", holder);
      CustomersCommand.put(bank, "iban", iban);
      CustomersCommand.put(bank, "bic", bic);
    }
    if (netDays != null) {
      body.put("netDays", netDays);
    }
    CustomersCommand.put(body, "template", template);
    String path = "/sellers/" + BillingHttp.part(seller) + "/billing-settings";
    shown.print(
        body.isEmpty()
            ? remote.http().get(path, new Query())
            : remote.http().change("PATCH", path, BillingHttp.bytes(body)));
  }

  @Command(
      name = "create",
      description = "Makes a seller, over HTTP; with a token of the scope finance.",
      mixinStandardHelpOptions = true,
      usageHelpWidth = 160,
      footerHeading = "%nExamples:%n",
      footer =
          "  billing sellers create de --name 'Billing GmbH' --currency EUR --zone Europe/Berlin"
              + " --line 'Hauptstr. 1' --city Berlin --country DE")
  void create(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "SELLER", description = "its id: 1 to 64 of A-Z a-z 0-9 _ . -")
          String seller,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              required = true,
              description = "of the legal entity")
          String name,
      @Option(
              names = "--currency",
              paramLabel = "CODE",
              required = true,
              description = "in which it keeps its accounts, of ISO 4217")
          String currency,
      @Option(
              names = "--zone",
              paramLabel = "ZONE",
              required = true,
              description = "whose days are the dates of its invoices: Europe/Berlin")
          String zone,
      @Option(
              names = "--line",
              paramLabel = "TEXT",
              required = true,
              description = "of its address: street and number; repeatable")
          List<String> lines,
      @Option(names = "--city", paramLabel = "NAME", required = true, description = "the city")
          String city,
      @Option(names = "--postal-code", paramLabel = "CODE", description = "the postal code")
          @Nullable String postalCode,
      @Option(
              names = "--country",
              paramLabel = "CODE",
              required = true,
              description = "DE, US, of ISO 3166")
          String country) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("sellerId", seller).put("name", name).put("currency", currency).put("zone", zone);
    ObjectNode address = body.putObject("address");
    var list = address.putArray("lines");
    lines.forEach(list::add);
    address.put("city", city).put("country", country);
    CustomersCommand.put(address, "postalCode", postalCode);
    shown.print(remote.http().change("/sellers", BillingHttp.bytes(body)));
  }
}
