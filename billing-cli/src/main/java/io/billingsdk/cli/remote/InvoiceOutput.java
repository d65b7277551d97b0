package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Prints a document of an invoice for people. */
final class InvoiceOutput {
  private InvoiceOutput() {}

  /**
   * Prints it.
   *
   * @param json as the API has it
   * @param explains with the steps of each line
   */
  static void print(JsonNode document, boolean json, boolean explains, PrintWriter out) {
    if (json) {
      out.println(JsonLines.of(document));
      return;
    }
    String number = document.path("number").asText("");
    line(out, text(document, "kind") + " " + number);
    line(out, "customer " + text(document.path("customer"), "name"));
    JsonNode period = document.path("period");
    line(out, "from " + text(period, "from") + " to " + text(period, "to"));
    for (JsonNode each : document.path("lines")) {
      lineOf(each, out);
      if (explains) {
        detail(each.path("detail"), out);
      }
    }
    for (JsonNode tax : document.path("taxes")) {
      line(
          out,
          "tax %s %s %% of %s: %s"
              .formatted(
                  text(tax, "category"),
                  text(tax, "percent"),
                  text(tax, "base"),
                  text(tax, "tax")));
      for (JsonNode part : tax.path("components")) {
        line(
            out,
            "     %s %s %%: %s"
                .formatted(text(part, "name"), text(part, "percent"), text(part, "tax")));
      }
    }
    JsonNode totals = document.path("totals");
    String currency = text(document, "currency");
    line(out, "total " + text(totals, "total") + " " + currency);
    line(out, "due " + text(totals, "due") + " " + currency);
  }

  private static void lineOf(JsonNode each, PrintWriter out) {
    line(
        out,
        "%s. %s %s, %s to %s: %s"
            .formatted(
                text(each, "line"),
                text(each, "kind"),
                text(each, "name"),
                text(each, "from"),
                text(each, "to"),
                text(each, "net")));
  }

  private static void detail(JsonNode detail, PrintWriter out) {
    for (var field : detail.properties()) {
      if (!field.getKey().equals("steps")) {
        JsonNode value = field.getValue();
        String text = value.isValueNode() ? value.asText() : value.toString();
        line(out, "     " + field.getKey() + " " + text);
      }
    }
    for (JsonNode step : detail.path("steps")) {
      String tier = step.has("tier") ? " tier " + text(step, "tier") : "";
      String value = step.has("value") ? " " + text(step, "value") : "";
      line(
          out,
          "     %s%s%s: %s x %s"
              .formatted(
                  text(step, "kind"),
                  value,
                  tier,
                  text(step, "quantity"),
                  text(step, "unitPrice")));
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  private static void line(PrintWriter out, String text) {
    out.println(Text.printable(text));
  }
}
