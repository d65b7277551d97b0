package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.remote.CsvFile.CsvRow;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing invoices margin --month MONTH --costs FILE}. */
@Command(
    name = "margin",
    description = {
      "Prints prices of invoices less costs of usage in a month, by customer, line and model; over"
          + " HTTP, with a finance token. Nothing is changed.",
      "The first line of the file of costs names the columns module, model, per_unit: what a unit"
          + " of usage costs. An empty model is for all models of the module; the first row that"
          + " fits counts."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing invoices margin --month 2026-11 --costs costs.csv --currency USD",
      "  billing invoices margin --month 2026-11 --costs costs.csv --customer acme"
    })
final class InvoicesMarginCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(names = "--month", paramLabel = "MONTH", required = true, description = "as 2026-11")
  private String month = "";

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description = "unit costs; default: those that the server notes")
  private @Nullable Path costs;

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      defaultValue = "USD",
      description = "of the costs; default: USD")
  private String currency = "USD";

  @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only this customer")
  private @Nullable String customer;

  @Option(names = "--test-clocks", description = "only customers with test clocks")
  private boolean tests;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("month", month);
    if (customer != null) {
      body.put("customerId", customer);
    }
    body.put("testClocks", tests);
    JsonNode found = costs == null ? asked(body) : asked(body, costs);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(found));
    } else {
      print(found, out);
    }
    out.flush();
  }

  private JsonNode asked(ObjectNode body) {
    return remote.http().change("/margin", BillingHttp.bytes(body));
  }

  private JsonNode asked(ObjectNode body, Path file) {
    List<CsvRow> rows = CsvFile.read(file, List.of("module", "model", "per_unit"));
    body.put("currency", currency);
    add(body.putArray("costs"), rows);
    try {
      return asked(body);
    } catch (CommandException refused) {
      throw CsvFile.withLine(refused, rows, file);
    }
  }

  private static void add(ArrayNode list, List<CsvRow> rows) {
    for (CsvRow each : rows) {
      ObjectNode cost = list.addObject().put("module", each.value("module"));
      if (!each.value("model").isEmpty()) {
        cost.put("model", each.value("model"));
      }
      cost.put("perUnit", each.value("per_unit"));
    }
  }

  private static void print(JsonNode found, PrintWriter out) {
    for (JsonNode each : found.path("customers")) {
      line(out, "customer " + text(each, "customerId"), each.path("amounts"));
    }
    for (JsonNode each : found.path("lines")) {
      String plan = text(each, "plan");
      String name =
          plan.isEmpty() ? "usage that no line has" : "line " + plan + "/" + text(each, "charge");
      line(out, name, each.path("amounts"));
    }
    for (JsonNode each : found.path("models")) {
      String module = text(each, "module");
      String name =
          module.isEmpty()
              ? "fees and the like"
              : "model " + module + "/" + text(each, "model") + ", usage " + text(each, "usage");
      line(out, name, each.path("amounts"));
    }
    for (JsonNode each : found.path("unknown")) {
      out.println(
          Text.printable(
              "unknown: %s/%s, usage %s: %s"
                  .formatted(
                      text(each, "module"),
                      text(each, "model"),
                      text(each, "usage"),
                      text(each, "reason"))));
    }
    found.path("sums").forEach(each -> line(out, "all", each));
  }

  private static void line(PrintWriter out, String name, JsonNode amounts) {
    String percent = amounts.hasNonNull("percent") ? " (" + text(amounts, "percent") + " %)" : "";
    String complete = amounts.path("complete").asBoolean() ? "" : ", costs are not complete";
    out.println(
        Text.printable(
            "%s: price %s, cost %s, margin %s %s%s%s"
                .formatted(
                    name,
                    text(amounts, "price"),
                    text(amounts, "cost"),
                    text(amounts, "margin"),
                    text(amounts, "currency"),
                    percent,
                    complete)));
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
