package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.WrongOptionException;
import java.io.PrintWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing explain EVENT}. */
@Command(
    name = "explain",
    description = {
      "Follows an event to its customer, its plan and the lines of invoices that have it, or says"
          + " why none has; over HTTP, with a token to read.",
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing explain 7d444840-9dc0-11d1-b245-5ffdce74fad2/17")
final class ExplainCommand implements Runnable {
  private static final Pattern EVENT = Pattern.compile("([0-9a-fA-F-]{36})/([0-9]{1,18})");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "EVENT", description = "STREAM/SEQ, as billing tail shows it")
  private String event = "";

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "when it was used, as occurredAt shows it; default: search all of the ledger")
  private @Nullable String at;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    Matcher parts = EVENT.matcher(event);
    if (!parts.matches()) {
      throw new WrongOptionException(
          "EVENT must be the stream and the number of an event, as"
              + " 7d444840-9dc0-11d1-b245-5ffdce74fad2/17");
    }
    JsonNode found =
        remote
            .http()
            .get(
                "/events/" + Query.segment(parts.group(1)) + "/" + parts.group(2) + "/explanation",
                new Query().with("occurredAt", at));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(found));
    } else {
      print(found, out);
    }
    out.flush();
  }

  private static void print(JsonNode found, PrintWriter out) {
    line(out, text(found, "outcome") + ": " + text(found, "why"));
    for (String each :
        "occurredAt receivedAt appId attributedAt reported usage customerId subscriptionId plan version"
            .split(" ", -1)) {
      if (found.hasNonNull(each)) {
        line(out, each + " " + text(found, each));
      }
    }
    for (JsonNode each : found.path("lines")) {
      String share =
          each.hasNonNull("contributed")
              ? ", of it " + text(each, "contributed") + " by this event"
              : "";
      line(
          out,
          "charge %s: %s %s%s"
              .formatted(
                  text(each, "chargeId"), text(each, "amount"), text(each, "currency"), share));
      for (JsonNode document : each.path("documents")) {
        line(
            out,
            "  %s, line %s (%s)"
                .formatted(
                    text(document, "number"), text(document, "line"), text(document, "kind")));
      }
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  private static void line(PrintWriter out, String text) {
    out.println(Text.printable(text));
  }
}
