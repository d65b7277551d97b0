package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.WrongOptionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing costs …}. */
@Command(
    name = "costs",
    description = "Shows what events cost us, explains it, and rates them again.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing costs unknown",
      "  billing costs explain 0b6f3c1e-8d1a-4f59-9f0e-2a64a1d3a7f1 17",
      "  billing costs price-unknown --reason 'the price is there'"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class CostsCommand {
  private static final int TEXT = 60;
  private static final String RERATINGS = "/costs/reratings";
  private static final String FINANCE = "Over HTTP; with a token of the scope finance.";
  private static final String FROM = "the first moment: 2026-11-01T00:00:00Z";
  private static final String TO = "the end of the range, exclusive";
  private static final String SERVICE = "only of this service: the module of the events";

  @Command(
      name = "list",
      description = "Lists costs by their times, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      usageHelpWidth = 160,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs list --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(names = "--from", paramLabel = "TIME", required = true, description = FROM)
          String from,
      @Option(names = "--to", paramLabel = "TIME", required = true, description = TO) String to,
      @Option(names = "--service", paramLabel = "NAME", description = SERVICE)
          @Nullable String service,
      @Option(names = "--model", paramLabel = "NAME", description = "only of this model")
          @Nullable String model,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "priced, free or unknown; default: all")
          @Nullable String state) {
    Columns columns =
        new Columns()
            .whole("at", "at")
            .text("service", "service", TEXT)
            .text("operation", "operation", TEXT)
            .number("quantity", "quantity")
            .text("unit", "unit", TEXT)
            .whole("state", "state")
            .number("amount", "amount")
            .whole("currency", "currency")
            .whole("stream", "stream")
            .number("seq", "seq");
    Query query =
        new Query()
            .with("from", from)
            .with("to", to)
            .with("service", service)
            .with("model", model)
            .with("state", state);
    list.print(remote.http(), "/costs", query, columns);
  }

  @Command(
      name = "unknown",
      description = "Lists what has no price, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs unknown")
  void unknown(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .number("costs", "costs")
            .text("service", "service", TEXT)
            .text("model", "model", TEXT)
            .whole("last", "last")
            .text("reason", "reason", TEXT);
    list.printAll(remote.http().get("/costs/unknown", new Query()).path("items"), columns);
  }

  @Command(
      name = "focus",
      description = {
        "Prints costs as CSV with the columns of FOCUS 1.2, a row for each line of a cost.",
        "Over HTTP; with a token to read."
      },
      mixinStandardHelpOptions = true,
      usageHelpWidth = 160,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs focus --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z")
  void focus(
      @Mixin RemoteOptions remote,
      @Mixin FocusCsv csv,
      @Option(names = "--from", paramLabel = "TIME", required = true, description = FROM)
          String from,
      @Option(names = "--to", paramLabel = "TIME", required = true, description = TO) String to) {
    csv.print(remote.http(), new Query().with("from", from).with("to", to));
  }

  @Command(
      name = "explain",
      description = "Shows how the cost of an event came about, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs explain 0b6f3c1e-8d1a-4f59-9f0e-2a64a1d3a7f1 17")
  void explain(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "STREAM", description = "of the event, as costs list shows it")
          String stream,
      @Parameters(paramLabel = "SEQ", description = "the number of the event there") String seq) {
    String path = "/costs/events/" + Query.segment(stream) + "/" + Query.segment(seq);
    JsonNode answer = remote.http().get(path, new Query());
    if (shown.isJson()) {
      shown.print(answer);
      return;
    }
    answer.path("text").forEach(each -> shown.line(each.asText()));
    answer
        .path("revisions")
        .forEach(
            each ->
                shown.line(
                    "revision "
                        + each.path("revision").asText()
                        + " was "
                        + each.path("state").asText()
                        + " "
                        + each.path("amount").asText("")
                        + " until "
                        + each.path("replacedAt").asText()));
  }

  @Command(
      name = "rerate",
      description = {
        "Rates costs again by the price list in force; without --fingerprint it is a dry run.",
        FINANCE
      },
      mixinStandardHelpOptions = true,
      usageHelpWidth = 160,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs rerate --from 2026-11-01T00:00:00Z --to 2026-11-02T00:00:00Z")
  void rerate(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Option(names = "--from", paramLabel = "TIME", required = true, description = FROM)
          String from,
      @Option(names = "--to", paramLabel = "TIME", required = true, description = TO) String to,
      @Option(names = "--service", paramLabel = "NAME", description = SERVICE)
          @Nullable String service,
      @Option(names = "--model", paramLabel = "NAME", description = "only of this model")
          @Nullable String model,
      @Option(
              names = "--fingerprint",
              paramLabel = "TEXT",
              description = "of the dry run that you have read; then it is for good")
          @Nullable String fingerprint,
      @Option(names = "--reason", paramLabel = "TEXT", description = "kept with the change")
          @Nullable String reason) {
    if ((fingerprint == null) != (reason == null)) {
      throw new WrongOptionException("give --fingerprint and --reason, or neither for a dry run");
    }
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("from", from).put("to", to);
    body.put("service", service).put("model", model);
    body.put("dryRun", fingerprint == null);
    body.put("fingerprint", fingerprint).put("reason", reason);
    show(shown, remote.http().change(RERATINGS, BillingHttp.bytes(body)));
  }

  @Command(
      name = "price-unknown",
      description = {"Prices all costs that are unknown and have a price now.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs price-unknown --reason 'the price is there'")
  void priceUnknown(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Option(names = "--model", paramLabel = "NAME", description = "only of this model")
          @Nullable String model,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "kept with the change")
          String reason) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("unknownOnly", true);
    body.put("model", model).put("dryRun", true);
    BillingHttp http = remote.http();
    JsonNode dry = http.change(RERATINGS, BillingHttp.bytes(body));
    body.put("dryRun", false).put("reason", reason);
    body.set("fingerprint", dry.path("fingerprint"));
    show(shown, http.change(RERATINGS, BillingHttp.bytes(body)));
  }

  @Command(
      name = "changes",
      description = "Lists re-ratings and undos, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs changes")
  void changes(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .number("id", "id")
            .whole("kind", "kind")
            .whole("made", "madeAt")
            .text("by", "actor", TEXT)
            .number("changed", "changed")
            .number("undone by", "undoneBy")
            .text("reason", "reason", TEXT);
    list.print(remote.http(), RERATINGS, new Query(), columns);
  }

  @Command(
      name = "undo",
      description = {"Makes costs what they were before a change.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing costs undo 3 --reason 'the list was wrong'")
  void undo(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "ID", description = "as costs changes shows it") String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "kept with the change")
          String reason) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("reason", reason);
    String path = RERATINGS + "/" + Query.segment(id) + "/undo";
    show(shown, remote.http().change(path, BillingHttp.bytes(body)));
  }

  private static void show(ShownItem shown, JsonNode outcome) {
    if (shown.isJson()) {
      shown.print(outcome);
      return;
    }
    outcome
        .path("changes")
        .forEach(
            each ->
                shown.line(
                    each.path("at").asText()
                        + " "
                        + each.path("model").asText()
                        + ": "
                        + each.path("before").asText(each.path("stateBefore").asText())
                        + " -> "
                        + each.path("after").asText(each.path("stateAfter").asText())));
    outcome
        .path("differences")
        .properties()
        .forEach(each -> shown.line(each.getKey() + " " + each.getValue().asText()));
    shown.line(
        (outcome.path("dryRun").asBoolean() ? "would change " : "changed ")
            + outcome.path("changed").asText()
            + ", unchanged "
            + outcome.path("unchanged").asText());
    shown.line("fingerprint " + outcome.path("fingerprint").asText());
  }
}
