package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing customers settings CUSTOMER}. */
@Command(
    name = "settings",
    description = {
      "Shows how a customer is billed, or changes it, over HTTP.",
      "With a token to read; for a change of the scope finance. An option that is not given changes"
          + " nothing. Issued invoices keep the values of their issue."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing customers settings acme",
      "  billing customers settings acme --legal-name 'Acme Ltd' --net-days 30"
    })
final class CustomersSettingsCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Mixin private AddressOptions address = new AddressOptions();

  @Parameters(paramLabel = "CUSTOMER", description = "the id")
  private String customer = "";

  @Option(names = "--legal-name", paramLabel = "NAME", description = "on documents")
  private @Nullable String legalName;

  @Option(
      names = "--email",
      paramLabel = "ADDRESS",
      description = "where documents go; repeatable, at most 8; replaces those before")
  private List<String> emails = List.of();

  @Option(names = "--language", paramLabel = "TAG", description = "of documents: en, de-AT, zh-CN")
  private @Nullable String language;

  @Option(
      names = "--tax-id",
      paramLabel = "TYPE=VALUE",
      converter = NameText.NameForm.class,
      description = "a number of a tax office: eu_vat=DE123456789; repeatable")
  private List<String> taxIds = List.of();

  @Option(names = "--exemption", paramLabel = "REASON", description = "why it pays no tax")
  private @Nullable String exemption;

  @Option(names = "--certificate", paramLabel = "NUMBER", description = "of the exemption")
  private @Nullable String certificate;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "of its own for numbers of documents: 1 to 16 of A-Z a-z 0-9")
  private @Nullable String series;

  @Option(
      names = "--net-days",
      paramLabel = "N",
      converter = Whole.NetDays.class,
      description = "days until a payment is due, 0 to 365")
  private @Nullable Long netDays;

  @Option(names = "--template", paramLabel = "NAME", description = "of its documents")
  private @Nullable String template;

  @Option(
      names = "--unset",
      paramLabel = "FIELD",
      description =
          "removes legalName, address, emails, exemption, series, netDays or template; repeatable")
  private List<String> unset = List.of();

  @Override
  public void run() {
    String path = CustomersCommand.at(customer) + "/billing-settings";
    ObjectNode body = body();
    shown.print(
        body.isEmpty()
            ? remote.http().get(path, new Query())
            : remote.http().change("PATCH", path, BillingHttp.bytes(body)));
  }

  private ObjectNode body() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    unset.forEach(body::putNull);
    CustomersCommand.put(body, "legalName", legalName);
    address.addTo(body);
    if (!emails.isEmpty()) {
      ArrayNode list = body.putArray("emails");
      emails.forEach(list::add);
    }
    CustomersCommand.put(body, "language", language);
    CustomerOptions.addTaxIds(body, taxIds);
    if (exemption != null || certificate != null) {
      ObjectNode node = body.putObject("exemption");
      CustomersCommand.put(node, "reason", exemption);
      CustomersCommand.put(node, "certificate", certificate);
    }
    CustomersCommand.put(body, "series", series);
    if (netDays != null) {
      body.put("netDays", netDays);
    }
    CustomersCommand.put(body, "template", template);
    return body;
  }
}
