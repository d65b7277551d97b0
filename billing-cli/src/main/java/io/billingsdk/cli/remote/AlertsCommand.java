package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing alerts …}. */
@Command(
    name = "alerts",
    description = "Shows alerts about costs, and changes the rules that make them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing alerts list --state open",
      "  billing alerts set of_users --scope user --bound 5 --bound 10",
      "  billing alerts mute high_cost_alert"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class AlertsCommand {
  private static final int TEXT = 60;
  private static final String RULES = "/alert-rules";
  private static final String FINANCE = "Over HTTP; with a token of the scope finance.";
  private static final String NAME = "the name of a rule or a budget";

  @Command(
      name = "list",
      description = "Lists alerts, the latest first, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing alerts list --state open")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "open or resolved; default: both")
          @Nullable String state,
      @Option(names = "--rule", paramLabel = "RULE", description = "only of this rule or budget")
          @Nullable String rule) {
    Columns columns =
        new Columns()
            .number("alert", "alert")
            .whole("rule", "rule")
            .text("about", "about", TEXT)
            .whole("period", "period")
            .number("amount", "amount")
            .number("limit", "limit")
            .whole("currency", "currency")
            .whole("raised", "raisedAt")
            .whole("state", "state")
            .whole("resolved", "resolvedAt");
    Query query = new Query().with("state", state).with("rule", rule);
    list.print(remote.http(), "/alerts", query, columns);
  }

  @Command(
      name = "rules",
      description = "Lists rules by name, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing alerts rules")
  void rules(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("rule", "rule")
            .whole("scope", "scope")
            .whole("bounds", "bounds")
            .whole("currency", "currency")
            .whole("period", "period")
            .number("days", "days")
            .whole("zone", "zone")
            .whole("muted", "muted");
    list.printAll(remote.http().get(RULES, new Query()).path("items"), columns);
  }

  @Command(
      name = "set",
      description = {"Adds a rule, or puts it in the place of the one of its name.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing alerts set of_users --scope user --bound 5 --bound 10")
  void set(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin AlertWindowOptions window,
      @Parameters(paramLabel = "RULE", description = "its name, such as of_users") String rule,
      @Option(
              names = "--scope",
              paramLabel = "SCOPE",
              required = true,
              description = "operation, user, service or execution")
          String scope,
      @Option(
              names = "--bound",
              paramLabel = "AMOUNT",
              required = true,
              description = "an amount that alerts; repeatable, ascending")
          List<String> bounds,
      @Option(names = "--inclusive", description = "a cost of exactly a bound alerts too")
          boolean inclusive) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("scope", scope);
    bounds.forEach(body.putArray("bounds")::add);
    body.put("inclusive", inclusive);
    window.put(body);
    String path = RULES + "/" + Query.segment(rule);
    shown.print(remote.http().change("PUT", path, BillingHttp.bytes(body)));
  }

  @Command(
      name = "remove",
      description = {"Removes a rule or a budget; its alerts are resolved.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing alerts remove of_users")
  void remove(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "RULE", description = NAME) String rule) {
    String path = RULES + "/" + Query.segment(rule);
    shown.print(remote.http().change("DELETE", path, null));
  }

  @Command(
      name = "mute",
      description = {"Holds the messages of a rule or a budget back.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing alerts mute high_cost_alert")
  void mute(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "RULE", description = NAME) String rule) {
    shown.print(muted(remote, rule, true));
  }

  @Command(
      name = "unmute",
      description = {"Lets the messages of a rule or a budget go again.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing alerts unmute high_cost_alert")
  void unmute(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "RULE", description = NAME) String rule) {
    shown.print(muted(remote, rule, false));
  }

  private static JsonNode muted(RemoteOptions remote, String rule, boolean muted) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("muted", muted);
    String path = RULES + "/" + Query.segment(rule) + "/mute";
    return remote.http().change(path, BillingHttp.bytes(body));
  }
}
