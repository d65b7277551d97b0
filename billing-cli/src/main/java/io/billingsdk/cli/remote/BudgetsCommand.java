package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing budgets …}. */
@Command(
    name = "budgets",
    description = "Shows what is spent of budgets for costs, and changes them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing budgets list",
      "  billing budgets set team --amount 1000 --threshold 0.8 --threshold 1"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class BudgetsCommand {
  private static final int TEXT = 40;
  private static final String BUDGETS = "/budgets";

  @Command(
      name = "list",
      description = "Lists budgets by name, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing budgets list")
  void list(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("budget", "rule")
            .text("service", "service", TEXT)
            .text("user", "user", TEXT)
            .whole("period", "period")
            .whole("from", "from")
            .number("amount", "amount")
            .number("spent", "spent")
            .number("left", "left")
            .number("percent", "percent")
            .whole("currency", "currency")
            .number("unknown", "unknownCosts");
    list.printAll(remote.http().get(BUDGETS, new Query()).path("items"), columns);
  }

  @Command(
      name = "set",
      description = {
        "Adds a budget, or puts it in the place of the one of its name.",
        "Over HTTP; with a token of the scope finance. 'alerts mute' and 'alerts remove' take it"
            + " too."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing budgets set team --amount 1000 --threshold 0.8 --threshold 1")
  void set(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin AlertWindowOptions window,
      @Parameters(paramLabel = "BUDGET", description = "its name, such as team") String budget,
      @Option(
              names = "--amount",
              paramLabel = "AMOUNT",
              required = true,
              description = "for each period")
          String amount,
      @Option(
              names = "--threshold",
              paramLabel = "SHARE",
              required = true,
              description = "a share that alerts, such as 0.8; repeatable, ascending")
          List<String> thresholds,
      @Option(names = "--service", paramLabel = "NAME", description = "only for this service")
          @Nullable String service,
      @Option(names = "--user", paramLabel = "NAME", description = "only for this user")
          @Nullable String user) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("amount", amount);
    thresholds.forEach(body.putArray("thresholds")::add);
    CustomersCommand.put(body, "service", service);
    CustomersCommand.put(body, "user", user);
    window.put(body);
    String path = BUDGETS + "/" + Query.segment(budget);
    shown.print(remote.http().change("PUT", path, BillingHttp.bytes(body)));
  }
}
