package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing dunning …}. */
@Command(
    name = "dunning",
    description = "Shows charges that were declined, and when they are tried again.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing dunning list --customer acme",
      "  billing dunning stop acme-000002 --reason 'pays by transfer'"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class DunningCommand {
  private static final int TEXT = 40;
  private static final String FINANCE = "Over HTTP; with a token of the scope finance.";
  private static final String INVOICE = "the number of an invoice, as dunning list shows it";

  @Command(
      name = "list",
      description = "Lists invoices whose charge was declined, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing dunning list --state waiting")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only of this customer")
          @Nullable String customer,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "such as waiting, needs_method, exhausted or stopped; default: all")
          @Nullable String state) {
    Columns columns =
        new Columns()
            .whole("invoice", "number")
            .text("customer", "customerId", TEXT)
            .whole("state", "state")
            .number("attempts", "attempts")
            .whole("class", "declineClass")
            .text("code", "declineCode", TEXT)
            .whole("next", "nextOn")
            .text("reason", "reason", TEXT);
    Query query = new Query().with("customerId", customer).with("state", state);
    list.print(remote.http(), "/dunning", query, columns);
  }

  @Command(
      name = "show",
      description = "Shows one with all attempts, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing dunning show acme-000002")
  void show(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "INVOICE", description = INVOICE) String number) {
    shown.print(remote.http().get(at(number, ""), new Query()));
  }

  @Command(
      name = "stop",
      description = {"Ends the attempts of an invoice; nothing begins them again.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing dunning stop acme-000002 --reason 'pays by transfer'")
  void stop(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "INVOICE", description = INVOICE) String number,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "for the audit log")
          String reason) {
    because(remote, shown, at(number, "/stop"), reason);
  }

  @Command(
      name = "retry",
      description = {
        "Has the next attempt made within seconds, whatever the rule and the threshold say.",
        FINANCE
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing dunning retry acme-000002 --reason 'asked by phone'")
  void retry(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "INVOICE", description = INVOICE) String number,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "for the audit log")
          String reason) {
    because(remote, shown, at(number, "/retry"), reason);
  }

  @Command(
      name = "rules",
      description = "Shows the days of each class of declines, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing dunning rules")
  void rules(@Mixin RemoteOptions remote, @Mixin ShownItem shown) {
    shown.print(remote.http().get("/dunning-rules", new Query()));
  }

  @Command(
      name = "rule",
      description = {"Sets the days of a class of declines.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing dunning rule funds --day 1 --day 3 --day 5 --day 7 --window 14")
  void rule(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CLASS", description = "funds, temporary, hard or method")
          String declineClass,
      @Option(
              names = "--day",
              paramLabel = "DAYS",
              converter = Whole.RetryDays.class,
              description =
                  "days until a retry, 1 to 90; repeatable, in this order; none: no retry")
          @Nullable List<Long> days,
      @Option(
              names = "--from-previous",
              description = "each counts from the attempt before it, not from the first decline")
          boolean fromPrevious,
      @Option(
              names = "--window",
              paramLabel = "DAYS",
              converter = Whole.WindowDays.class,
              description =
                  "days after the first decline in which it is tried again, 0 to 365; default: 0,"
                      + " any")
          @Nullable Long window) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    ArrayNode list = body.putArray("days");
    if (days != null) {
      days.forEach(list::add);
    }
    body.put("countedFrom", fromPrevious ? "previous" : "first");
    if (window != null) {
      body.put("windowDays", window);
    }
    shown.print(
        remote
            .http()
            .change(
                "PUT", "/dunning-rules/" + Query.segment(declineClass), BillingHttp.bytes(body)));
  }

  @Command(
      name = "threshold",
      description = {
        "Sets what a customer must owe in a currency; below it no charge is tried again.",
        FINANCE
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing dunning threshold USD 5")
  void threshold(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "CURRENCY", description = "its code, as USD") String currency,
      @Parameters(paramLabel = "AMOUNT", converter = Amount.class, description = "0 or more")
          BigDecimal least) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("least", least.toPlainString());
    String path = "/dunning-thresholds/" + Query.segment(currency);
    shown.print(remote.http().change("PUT", path, BillingHttp.bytes(body)));
  }

  private static void because(RemoteOptions remote, ShownItem shown, String path, String reason) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("reason", reason);
    shown.print(remote.http().change(path, BillingHttp.bytes(body)));
  }

  private static String at(String number, String what) {
    return "/dunning/" + Query.segment(number) + what;
  }
}
