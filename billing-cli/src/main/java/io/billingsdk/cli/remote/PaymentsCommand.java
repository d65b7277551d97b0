package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.common.ShownText;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing payments …}. */
@Command(
    name = "payments",
    description = "Shows what customers owe and have paid; records payments and refunds; charges.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing payments owed --customer acme --open",
      "  billing payments record --customer a --amount 9 --currency EUR --on 2026-12-01"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class PaymentsCommand extends ChargeCommands {
  private static final int NAME = 32;
  private static final String FINANCE = "Over HTTP; with a token of the scope finance.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "list",
      description = "Lists payments, the latest first, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments list --customer acme")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
          @Nullable String customer) {
    Columns columns =
        new Columns()
            .whole("payment", "paymentId")
            .text("customer", "customerId", NAME)
            .whole("received", "receivedOn")
            .whole("currency", "currency")
            .number("amount", "amount")
            .number("left", "left")
            .whole("method", "method");
    list.print(remote.http(), "/payments", new Query().with("customerId", customer), columns);
  }

  @Command(
      name = "show",
      description =
          "Shows a payment and the invoices that it paid, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments show PAYMENT")
  void show(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "PAYMENT", description = "as payments list shows it")
          String payment) {
    shown.print(remote.http().get("/payments/" + Query.segment(payment), new Query()));
  }

  @Command(
      name = "receipt",
      description = "Downloads the receipt for a payment as PDF, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments receipt PAYMENT --out receipt.pdf")
  void receipt(
      @Mixin RemoteOptions remote,
      @Parameters(paramLabel = "PAYMENT", description = "as payments list shows it") String payment,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              defaultValue = "receipt.pdf",
              description = "the file to write (default: ${DEFAULT-VALUE})")
          Path file) {
    String path = "/payments/" + Query.segment(payment) + "/receipt";
    Download.to(remote.http(), path, new Query(), file);
    PrintWriter out = spec.commandLine().getOut();
    out.println(ShownText.of(file.toString()));
    out.flush();
  }

  @Command(
      name = "record",
      description = {
        "Records money that came. It pays the named invoices, otherwise those that are due first;"
            + " the rest is kept for the customer.",
        FINANCE
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments record --customer a --amount 9 --currency EUR --on 2026-12-01")
  void record(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Option(names = "--customer", paramLabel = "CUSTOMER", required = true, description = "whose")
          String customer,
      @Option(
              names = "--amount",
              paramLabel = "N",
              required = true,
              converter = Amount.class,
              description = "above 0")
          BigDecimal amount,
      @Option(
              names = "--currency",
              paramLabel = "CODE",
              required = true,
              description = "in which the customer pays")
          String currency,
      @Option(
              names = "--on",
              paramLabel = "DAY",
              required = true,
              description = "the day when it came, as 2026-12-01")
          String day,
      @Option(
              names = "--invoice",
              paramLabel = "NUMBER",
              description = "an invoice that it is for; repeatable, in this order")
          @Nullable List<String> invoices,
      @Option(names = "--reference", paramLabel = "TEXT", description = "how it can be found again")
          @Nullable String reference) {
    ObjectNode body = money(amount, currency).put("customerId", customer).put("receivedOn", day);
    CustomersCommand.put(body, "reference", reference);
    numbers(body, invoices);
    shown.print(remote.http().change("/payments", BillingHttp.bytes(body)));
  }

  @Command(
      name = "refund",
      description = {
        "Records money that went back: of what is kept for the customer first; then the invoices"
            + " are open again that the payment paid.",
        "Over HTTP; with a token of the scope refund."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments refund PAYMENT --amount 10 --currency EUR --reason kindness")
  void refund(
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
              names = "--taken-back",
              description = "the bank or the payer took it back: the invoices are open again")
          boolean takenBack) {
    ObjectNode body = money(amount, currency).put("reason", reason).put("takenBack", takenBack);
    String path = "/payments/" + Query.segment(payment) + "/refunds";
    shown.print(remote.http().change(path, BillingHttp.bytes(body)));
  }

  @Command(
      name = "owed",
      description = "Lists what is owed for each invoice, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments owed --open")
  void owed(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
          @Nullable String customer,
      @Option(names = "--open", description = "only what is not paid") boolean open) {
    Columns columns =
        new Columns()
            .text("number", "number", NAME)
            .text("customer", "customerId", NAME)
            .whole("state", "state")
            .whole("currency", "currency")
            .number("amount", "amount")
            .number("open", "open")
            .whole("due", "dueOn")
            .whole("next reminder", "nextOn")
            .whole("reference", "reference");
    Query query = new Query().with("customerId", customer).with("open", open ? "true" : null);
    list.print(remote.http(), "/receivables", query, columns);
  }

  @Command(
      name = "write-off",
      description = {"Gives an invoice up: nobody will pay the open rest.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments write-off acme-000001 --reason insolvent")
  void writeOff(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "NUMBER", description = "of the invoice") String number,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "for the audit log")
          String reason) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("reason", reason);
    String path = "/receivables/" + Query.segment(number) + "/write-off";
    shown.print(remote.http().change(path, BillingHttp.bytes(body)));
  }

  @Command(
      name = "balance",
      description =
          "Shows what a customer owes and what is kept for it, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments balance acme")
  void balance(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "whose") String customer) {
    String path = "/customers/" + Query.segment(customer) + "/balance";
    shown.print(remote.http().get(path, new Query()));
  }

  static void numbers(ObjectNode body, @Nullable List<String> invoices) {
    if (invoices != null) {
      ArrayNode numbers = body.putArray("numbers");
      invoices.forEach(numbers::add);
    }
  }
}
