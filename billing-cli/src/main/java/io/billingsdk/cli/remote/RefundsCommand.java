package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing refunds …}. */
@Command(
    name = "refunds",
    description = "Gives money of charges back through their provider.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing refunds create PAYMENT --amount 10 --currency EUR --reason late",
      "  billing refunds list --customer acme"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class RefundsCommand {
  private static final int NAME = 32;

  @Command(
      name = "list",
      description =
          "Lists refunds through providers, the latest first, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing refunds list --customer acme")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
          @Nullable String customer) {
    Columns columns =
        new Columns()
            .whole("refund", "refundId")
            .whole("payment", "paymentId")
            .text("customer", "customerId", NAME)
            .whole("provider", "provider")
            .whole("currency", "currency")
            .number("amount", "amount")
            .whole("state", "state")
            .text("problem", "problem", NAME);
    list.print(remote.http(), "/refunds", new Query().with("customerId", customer), columns);
  }

  @Command(
      name = "create",
      description = {
        "Gives money of a charge back through its provider.",
        "Over HTTP; with a token of the scope refund."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing refunds create PAYMENT --amount 10 --currency EUR --reason late")
  void create(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "PAYMENT", description = "as payments list shows it") String payment,
      @Option(
              names = "--amount",
              paramLabel = "N",
              required = true,
              converter = Amount.class,
              description = "above 0, at most what is left of the payment")
          BigDecimal amount,
      @Option(names = "--currency", paramLabel = "CODE", required = true, description = "its own")
          String currency,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "for the audit log")
          String reason,
      @Option(
              names = "--credit-note",
              paramLabel = "NUMBER",
              description = {
                "also credits all that is left of this invoice, which then stays paid;",
                "credit parts with: billing invoices credit"
              })
          @Nullable String creditNote) {
    ObjectNode body =
        ChargeCommands.money(amount, currency).put("paymentId", payment).put("reason", reason);
    if (creditNote != null) {
      body.putObject("creditNote").put("number", creditNote);
    }
    shown.print(remote.http().change("/refunds", BillingHttp.bytes(body)));
  }
}
