package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing customers create CUSTOMER}. */
@Command(
    name = "create",
    description = "Makes a customer, over HTTP; with a token of the scope finance.",
    mixinStandardHelpOptions = true,
    usageHelpWidth = 120,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing customers create acme --name Acme --currency EUR --zone Europe/Berlin",
      "  billing customers create test-1 --currency USD --zone UTC --test-clock"
          + " 2027-01-01T00:00:00Z"
    })
final class CustomersCreateCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Mixin private CustomerOptions more = new CustomerOptions();

  @Parameters(paramLabel = "CUSTOMER", description = "its id: 1 to 64 of A-Z a-z 0-9 _ . -")
  private String customer = "";

  @Option(names = "--name", paramLabel = "NAME", description = "shown to people; default: the id")
  private @Nullable String name;

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      required = true,
      description = "in which it pays, of ISO 4217; it never changes")
  private String currency = "";

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      required = true,
      description = "whose days count: Europe/Berlin; it never changes")
  private String zone = "";

  @Option(
      names = "--test-clock",
      paramLabel = "TIME",
      description = "gives it a clock of its own, which begins then; for tests")
  private @Nullable String testClock;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("customerId", customer).put("name", name == null ? customer : name);
    body.put("currency", currency).put("zone", zone);
    CustomersCommand.put(body, "testClock", testClock);
    more.addTo(body);
    shown.print(remote.http().change("/customers", BillingHttp.bytes(body)));
  }
}
