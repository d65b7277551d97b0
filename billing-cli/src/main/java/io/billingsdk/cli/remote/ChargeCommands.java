package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code billing payments …} that go through a payment provider. */
@Command
abstract class ChargeCommands {
  private static final int NAME = 32;
  private static final String FINANCE = "Over HTTP; with a token of the scope finance.";

  @Command(
      name = "charge",
      description = {
        "Charges what is open of an invoice by the saved method of its customer.",
        FINANCE
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments charge acme-000001")
  void charge(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "NUMBER", description = "of the invoice") String number) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("number", number);
    shown.print(remote.http().change("/charges", BillingHttp.bytes(body)));
  }

  @Command(
      name = "charges",
      description = "Lists charges, the latest first, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments charges --customer acme --state failed")
  void charges(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
          @Nullable String customer,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description =
                  "only those: created, needs_operator, requires_action, processing, failed,"
                      + " succeeded or returned")
          @Nullable String state) {
    charges(remote, list, new Query().with("customerId", customer).with("state", state));
  }

  @Command(
      name = "unknown-charges",
      description =
          "Lists charges whose outcome is not known yet, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments unknown-charges")
  void unknownCharges(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    charges(remote, list, new Query().with("state", "created"));
  }

  private static void charges(RemoteOptions remote, ListOptions list, Query query) {
    Columns columns =
        new Columns()
            .whole("charge", "chargeId")
            .text("customer", "customerId", NAME)
            .whole("provider", "provider")
            .text("invoice", "number", NAME)
            .number("attempt", "attempt")
            .whole("currency", "currency")
            .number("amount", "amount")
            .whole("state", "state")
            .text("decline", "declineCode", NAME)
            .text("problem", "problem", NAME);
    list.print(remote.http(), "/charges", query, columns);
  }

  @Command(
      name = "providers",
      description = "Shows the payment providers of the server, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments providers")
  void providers(@Mixin RemoteOptions remote, @Mixin ShownItem shown) {
    shown.print(remote.http().get("/payment-providers", new Query()));
  }

  @Command(
      name = "methods",
      description = "Lists saved payment methods of a customer, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments methods acme")
  void methods(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Parameters(paramLabel = "CUSTOMER", description = "whose") String customer) {
    Columns columns =
        new Columns()
            .whole("method", "methodId")
            .whole("provider", "provider")
            .text("brand", "brand", NAME)
            .whole("last 4", "last4")
            .whole("expires", "expiresOn")
            .whole("default", "isDefault");
    String path = "/customers/" + Query.segment(customer) + "/payment-methods";
    list.print(remote.http(), path, new Query(), columns);
  }

  @Command(
      name = "save-method",
      description = {
        "Opens a page of a provider on which the customer gives a payment method, and prints its"
            + " URL. With --token it saves a token of the sandbox.",
        FINANCE
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments save-method acme --provider stripe")
  void saveMethod(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "whose") String customer,
      @Option(
              names = "--provider",
              paramLabel = "PROVIDER",
              required = true,
              description = "stripe, paypal or sandbox")
          String provider,
      @Option(names = "--token", paramLabel = "TOKEN", description = "such as sandbox_ok")
          @Nullable String token) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("provider", provider);
    String path = "/customers/" + Query.segment(customer);
    if (token != null) {
      body.put("token", token);
      shown.print(remote.http().change(path + "/payment-methods", BillingHttp.bytes(body)));
      return;
    }
    String pages = path + "/payment-pages";
    String id = remote.http().change(pages, BillingHttp.bytes(body)).path("pageId").asText();
    shown.print(remote.http().get(pages + "/" + Query.segment(id), new Query()));
  }

  @Command(
      name = "top-up",
      description = {
        "Sells prepaid credit to a customer, by the saved method or on a page of a provider.",
        FINANCE
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing payments top-up acme --amount 50 --currency EUR")
  void topUp(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CUSTOMER", description = "who buys it") String customer,
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
              names = "--provider",
              paramLabel = "PROVIDER",
              description = "on whose page; default: by the saved method")
          @Nullable String provider) {
    ObjectNode body = money(amount, currency).put("customerId", customer);
    CustomersCommand.put(body, "provider", provider);
    shown.print(remote.http().change("/top-ups", BillingHttp.bytes(body)));
  }

  static ObjectNode money(BigDecimal amount, String currency) {
    return BillingHttp.JSON
        .createObjectNode()
        .put("amount", amount.toPlainString())
        .put("currency", currency);
  }
}
