package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing coupons …}. */
@Command(
    name = "coupons",
    description = "Makes coupons, and gives them to customers.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing coupons create SPRING --name Spring --percent 10 --invoices 3"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class CouponsCommand {
  private static final int NAME = 32;

  @Command(
      name = "list",
      description = "Lists coupons by id, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing coupons list --json")
  void list(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("coupon", "couponId")
            .text("name", "name", NAME)
            .number("percent", "percent")
            .number("amount", "amount")
            .whole("currency", "currency")
            .number("invoices", "invoices")
            .whole("from", "validFrom")
            .whole("to", "validTo");
    list.print(remote.http(), "/coupons", new Query(), columns);
  }

  @Command(
      name = "create",
      description = "Makes a coupon, over HTTP; with a finance token. A coupon never changes.",
      mixinStandardHelpOptions = true,
      usageHelpWidth = 120,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing coupons create SPRING --name Spring --percent 10 --invoices 3",
        "  billing coupons create TEN --name 'Ten euros' --amount 10 --currency EUR --invoices 1"
      })
  void create(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "COUPON", description = "its id: 1 to 64 of A-Z a-z 0-9 _ . -")
          String coupon,
      @Option(names = "--name", paramLabel = "TEXT", required = true, description = "for people")
          String name,
      @Option(names = "--percent", paramLabel = "N", description = "a share: above 0, at most 100")
          @Nullable String percent,
      @Option(names = "--amount", paramLabel = "N", description = "an amount, with --currency")
          @Nullable String amount,
      @Option(names = "--currency", paramLabel = "CODE", description = "of the amount")
          @Nullable String currency,
      @Option(
              names = "--invoices",
              paramLabel = "N",
              converter = Whole.Invoices.class,
              description = "on how many invoices it counts, 1 to 1000000; on each without it")
          @Nullable Long invoices,
      @Option(names = "--from", paramLabel = "TIME", description = "first time; now without it")
          @Nullable String from,
      @Option(names = "--to", paramLabel = "TIME", description = "end, exclusive; none without it")
          @Nullable String to) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("couponId", coupon).put("name", name);
    CustomersCommand.put(body, "percent", percent);
    CustomersCommand.put(body, "amount", amount);
    CustomersCommand.put(body, "currency", currency);
    if (invoices != null) {
      body.put("invoices", invoices);
    }
    CustomersCommand.put(body, "validFrom", from);
    CustomersCommand.put(body, "validTo", to);
    shown.print(remote.http().change("/coupons", BillingHttp.bytes(body)));
  }

  @Command(
      name = "give",
      description = "Gives a coupon to a customer, over HTTP; with a finance token.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing coupons give SPRING --customer acme")
  void give(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "COUPON", description = "as coupons list shows it") String coupon,
      @Option(
              names = "--customer",
              paramLabel = "CUSTOMER",
              required = true,
              description = "the customer")
          String customer,
      @Option(
              names = "--subscription",
              paramLabel = "ID",
              description = "only invoices of this one; of all without it")
          @Nullable String subscription) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("couponId", coupon);
    CustomersCommand.put(body, "subscriptionId", subscription);
    shown.print(remote.http().change(path(customer), BillingHttp.bytes(body)));
  }

  @Command(
      name = "of",
      description = "Lists the coupons of a customer, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing coupons of acme")
  void of(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Parameters(paramLabel = "CUSTOMER", description = "the customer") String customer) {
    Columns columns =
        new Columns()
            .whole("gift", "giftId")
            .whole("coupon", "couponId")
            .number("uses", "uses")
            .number("invoices", "invoices")
            .whole("given", "givenAt")
            .whole("ended", "endedAt");
    list.print(remote.http(), path(customer), new Query(), columns);
  }

  @Command(
      name = "end",
      description =
          "Ends a coupon of a customer, over HTTP; with a finance token. It counts on no further"
              + " invoice.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing coupons end 7f79f07c-caae-4b18-8d12-e77b8fc53f02 --customer acme")
  void end(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "GIFT", description = "as coupons of shows it") String gift,
      @Option(
              names = "--customer",
              paramLabel = "CUSTOMER",
              required = true,
              description = "the customer")
          String customer) {
    String path = path(customer) + "/" + Query.segment(gift) + "/end";
    shown.print(remote.http().change(path, null));
  }

  private static String path(String customer) {
    return "/customers/" + Query.segment(customer) + "/coupons";
  }
}
