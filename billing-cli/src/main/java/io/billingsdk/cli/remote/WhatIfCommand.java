package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.server.catalog.PlanFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing what-if --plan FILE}. */
@Command(
    name = "what-if",
    description = {
      "Prices real usage by another price list, for each customer and in sum, beside the plans that"
          + " customers have; over HTTP, with a finance token. Nothing is changed."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing what-if --plan plans.yaml",
      "  billing what-if --plan plans.yaml --months 3 --customer acme"
    })
final class WhatIfCommand implements Runnable {
  private static final int NAME = 32;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      required = true,
      description = "a plan file: a plan for each plan that customers have, or one for all")
  private Path file = Path.of("");

  @Option(
      names = "--months",
      paramLabel = "MONTHS",
      converter = Whole.Months.class,
      description = "so many complete months, 1 to 36; default: 12")
  private long months = 12;

  @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only this customer")
  private @Nullable String customer;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.set("file", tree(PlanFile.parse(PlanFileText.read(file)).json()));
    body.put("months", months);
    if (customer != null) {
      body.put("customerId", customer);
    }
    JsonNode found = remote.http().change("/what-if", BillingHttp.bytes(body));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(found));
    } else {
      print(found, out);
    }
    out.flush();
  }

  private static JsonNode tree(String text) {
    try {
      return BillingHttp.JSON.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
      throw new IllegalStateException("a plan file was written as malformed JSON", impossible);
    }
  }

  private static void print(JsonNode found, PrintWriter out) {
    for (JsonNode each : found.path("customers")) {
      String amounts =
          each.hasNonNull("reason")
              ? "not priced: " + text(each, "reason")
              : "%s months, now %s, then %s, difference %s %s"
                  .formatted(
                      text(each, "months"),
                      text(each, "now"),
                      text(each, "then"),
                      text(each, "difference"),
                      text(each, "currency"));
      out.println(
          Text.printable(
              Text.cut(text(each, "customerId"), NAME, Terminal.ofProcess()) + ": " + amounts));
    }
    for (JsonNode each : found.path("sums")) {
      out.println(
          Text.printable(
              "all in %s: now %s, then %s, difference %s"
                  .formatted(
                      text(each, "currency"),
                      text(each, "now"),
                      text(each, "then"),
                      text(each, "difference"))));
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
