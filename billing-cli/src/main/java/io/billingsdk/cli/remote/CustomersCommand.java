package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing customers …}. */
@Command(
    name = "customers",
    description = "Shows and changes customers: who pays, and for which apps.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing customers list",
      "  billing customers create acme --name Acme --currency EUR --zone Europe/Berlin"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CustomersCreateCommand.class,
      CustomersChangeCommand.class,
      CustomersSettingsCommand.class
    })
final class CustomersCommand {
  private static final int NAME = 32;

  @Command(
      name = "list",
      description = "Lists customers by id, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  billing customers list", "  billing customers list --csv > customers.csv"})
  void list(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("customer", "customerId")
            .text("name", "name", NAME)
            .whole("currency", "currency")
            .whole("zone", "zone")
            .whole("locale", "locale")
            .whole("seller", "sellerId")
            .within("country", "taxPlace", "country");
    list.print(remote.http(), "/customers", new Query(), columns);
  }

  @Command(
      name = "show",
      description = "Shows a customer, over HTTP; with a token to read, or one of the customer.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing customers show acme --json")
  void show(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "the id") String customer) {
    shown.print(remote.http().get(at(customer), new Query()));
  }

  @Command(
      name = "apps",
      description = {
        "Lists which apps belong to a customer, belonged to it or will, and when.",
        "Over HTTP; with a token to read, or one of the customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing customers apps acme")
  void apps(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "the id") String customer) {
    var answer = remote.http().get(at(customer) + "/apps", new Query());
    if (shown.isJson()) {
      shown.print(answer);
      return;
    }
    for (var each : answer.path("items")) {
      shown.line(
          each.path("appId").asText()
              + "  from "
              + each.path("from").asText()
              + (each.has("to") ? " to " + each.path("to").asText() : ""));
    }
  }

  @Command(
      name = "assign",
      description = {
        "Gives an app to a customer, and takes it from the one before.",
        "Over HTTP; with a token of the scope finance."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing customers assign acme --app shop",
        "  billing customers assign acme --app shop --from 2027-02-01T00:00:00Z"
      })
  void assign(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "the id") String customer,
      @Option(names = "--app", paramLabel = "APP", required = true, description = "the app")
          String app,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              description = "since when: 2027-02-01T00:00:00Z; default: now")
          @Nullable String from) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("appId", app);
    put(body, "from", from);
    shown.print(remote.http().change(at(customer) + "/apps", BillingHttp.bytes(body)));
  }

  @Command(
      name = "release",
      description = {
        "Takes an app from a customer; then it belongs to nobody.",
        "Over HTTP; with a token of the scope finance."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing customers release acme --app shop")
  void release(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "the id") String customer,
      @Option(names = "--app", paramLabel = "APP", required = true, description = "the app")
          String app,
      @Option(
              names = "--at",
              paramLabel = "TIME",
              description = "since when: 2027-02-01T00:00:00Z; default: now")
          @Nullable String at) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("appId", app);
    put(body, "at", at);
    shown.print(remote.http().change(at(customer) + "/apps/release", BillingHttp.bytes(body)));
  }

  @Command(
      name = "clock",
      description = {
        "Moves the test clock of a customer forward, in one call by as much as you like.",
        "Over HTTP; with a token of the scope finance."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing customers clock test-1 --to 2028-01-01T00:00:00Z")
  void clock(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "the id") String customer,
      @Option(
              names = "--to",
              paramLabel = "TIME",
              required = true,
              description = "after what it shows: 2028-01-01T00:00:00Z")
          String to) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("to", to);
    shown.print(remote.http().change(at(customer) + "/clock", BillingHttp.bytes(body)));
  }

  static String at(String customer) {
    return "/customers/" + BillingHttp.part(customer);
  }

  static void put(ObjectNode body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }
}
