package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing credits …}. */
@Command(
    name = "credits",
    description = "Gives credit to customers, and shows where it went.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing credits of acme"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class CreditsCommand {
  private static final int REASON = 40;

  @Command(
      name = "of",
      description = "Lists the credits of a customer, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing credits of acme --csv")
  void of(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Parameters(paramLabel = "CUSTOMER", description = "the customer") String customer) {
    Columns columns =
        new Columns()
            .whole("credit", "creditId")
            .whole("kind", "kind")
            .whole("source", "source")
            .whole("currency", "currency")
            .number("amount", "amount")
            .number("left", "remaining")
            .number("priority", "priority")
            .whole("expires", "expiresAt")
            .text("reason", "reason", REASON);
    list.print(remote.http(), path(customer), new Query(), columns);
  }

  @Command(
      name = "give",
      description = {
        "Gives promotional credit, or books prepaid credit that a customer bought, over HTTP; with"
            + " a finance token.",
        "Promotional credit lowers invoices before tax. Prepaid credit pays them after tax."
      },
      mixinStandardHelpOptions = true,
      usageHelpWidth = 120,
      footerHeading = "%nExamples:%n",
      footer =
          "  billing credits give acme --kind prepaid --amount 100 --currency EUR"
              + " --reason 'contract 7'")
  void give(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "the customer") String customer,
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              required = true,
              description = "promotional or prepaid")
          String kind,
      @Option(names = "--amount", paramLabel = "N", required = true, description = "above 0")
          String amount,
      @Option(
              names = "--currency",
              paramLabel = "CODE",
              required = true,
              description = "that of the customer")
          String currency,
      @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why")
          String reason,
      @Option(
              names = "--priority",
              paramLabel = "N",
              converter = Whole.Priority.class,
              description = "0 to 1000, the lowest is used first; 100 without it")
          @Nullable Long priority,
      @Option(names = "--expires", paramLabel = "TIME", description = "never without it")
          @Nullable String expires,
      @Option(names = "--reference", paramLabel = "TEXT", description = "payment or contract")
          @Nullable String reference,
      @Mixin RolloverOptions rollover) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("kind", kind).put("amount", amount).put("currency", currency).put("reason", reason);
    if (priority != null) {
      body.put("priority", priority);
    }
    CustomersCommand.put(body, "expiresAt", expires);
    CustomersCommand.put(body, "reference", reference);
    rollover.put(body);
    shown.print(remote.http().change(path(customer), BillingHttp.bytes(body)));
  }

  @Command(
      name = "show",
      description = "Shows a credit and all its movements, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing credits show 7f79f07c-caae-4b18-8d12-e77b8fc53f02")
  void show(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CREDIT", description = "as credits of shows it") String credit) {
    shown.print(remote.http().get("/credits/" + Query.segment(credit), new Query()));
  }

  @Command(
      name = "withdraw",
      description = "Takes the rest of a credit away, over HTTP; with a finance token.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing credits withdraw 7f79f07c-caae-4b18-8d12-e77b8fc53f02 --reason r")
  void withdraw(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CREDIT", description = "as credits of shows it") String credit,
      @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why")
          String reason) {
    byte[] body = BillingHttp.bytes(BillingHttp.JSON.createObjectNode().put("reason", reason));
    shown.print(remote.http().change("/credits/" + Query.segment(credit) + "/withdrawal", body));
  }

  private static String path(String customer) {
    return "/customers/" + Query.segment(customer) + "/credits";
  }
}
