package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing customers change CUSTOMER}. */
@Command(
    name = "change",
    description = {
      "Changes a customer, over HTTP; with a token of the scope finance.",
      "An option that is not given changes nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing customers change acme --seller de --tax-id eu_vat=DE123456789",
      "  billing customers change acme --zone America/New_York"
    })
final class CustomersChangeCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Mixin private CustomerOptions more = new CustomerOptions();

  @Parameters(paramLabel = "CUSTOMER", description = "the id")
  private String customer = "";

  @Option(names = "--name", paramLabel = "NAME", description = "shown to people")
  private @Nullable String name;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "whose midnights begin its days: Europe/Berlin; the running period ends before")
  private @Nullable String zone;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    CustomersCommand.put(body, "name", name);
    CustomersCommand.put(body, "zone", zone);
    more.addTo(body);
    shown.print(
        remote.http().change("PATCH", CustomersCommand.at(customer), BillingHttp.bytes(body)));
  }
}
