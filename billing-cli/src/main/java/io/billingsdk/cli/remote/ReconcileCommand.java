package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing reconcile}. */
@Command(
    name = "reconcile",
    description = {
      "Compares reported, stored, rated and invoiced usage, and names each rest; over HTTP, with a"
          + " token to read.",
      "Exits with 3 if something is unexplained."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:all is explained",
      "2:wrong usage",
      "3:something is unexplained, or refused or not possible: then stderr has the reason"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  billing reconcile", "  billing reconcile --month 2026-11 --app gateway"})
final class ReconcileCommand implements Callable<Integer> {
  private static final int UNEXPLAINED = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--month",
      paramLabel = "MONTH",
      description = "as 2026-11, of UTC; default: all of the ledger")
  private @Nullable String month;

  @Option(names = "--app", paramLabel = "APP", description = "only usage of this app")
  private @Nullable String app;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public Integer call() {
    JsonNode found =
        remote.http().get("/reconciliation", new Query().with("month", month).with("appId", app));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(found));
    } else {
      print(found, out);
    }
    out.flush();
    return found.path("explained").asBoolean() ? 0 : UNEXPLAINED;
  }

  private static void print(JsonNode found, PrintWriter out) {
    if (found.has("streams")) {
      StringBuilder numbers = new StringBuilder("numbers:");
      found
          .path("streams")
          .properties()
          .forEach(
              each ->
                  numbers.append(' ').append(each.getKey()).append(' ').append(each.getValue()));
      line(out, numbers.toString());
    }
    for (JsonNode each : found.path("refused")) {
      line(
          out,
          "refused: %s %s, of them held %s"
              .formatted(text(each, "code"), text(each, "events"), text(each, "held")));
    }
    for (JsonNode month : found.path("usage")) {
      String app = text(month, "appId");
      line(
          out,
          "%s %s: %s events, usage %s"
              .formatted(
                  app.isEmpty() ? "no app" : "app " + app,
                  start(text(month, "month")),
                  text(month, "events"),
                  text(month, "usage")));
      for (JsonNode part : month.path("parts")) {
        line(
            out,
            "  %s: %s events, usage %s (%s)"
                .formatted(
                    text(part, "fate"),
                    text(part, "events"),
                    text(part, "usage"),
                    text(part, "why")));
      }
    }
    for (JsonNode each : found.path("amounts")) {
      line(
          out,
          "amounts in %s: rated %s, invoiced %s, late %s, unexplained %s"
              .formatted(
                  text(each, "currency"),
                  text(each, "rated"),
                  text(each, "invoiced"),
                  text(each, "late"),
                  text(each, "unexplained")));
    }
    found.path("differences").forEach(each -> line(out, "unexplained: " + each.asText()));
    line(
        out,
        found.path("explained").asBoolean()
            ? "all is explained"
            : found.path("differences").size() + " differences are unexplained");
  }

  private static String start(String month) {
    return month.length() > 7 ? month.substring(0, 7) : month;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  private static void line(PrintWriter out, String text) {
    out.println(Text.printable(text));
  }
}
