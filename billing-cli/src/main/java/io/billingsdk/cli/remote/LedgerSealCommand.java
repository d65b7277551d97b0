package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing ledger seal}. */
@Command(
    name = "seal",
    description = {
      "Seals the days of UTC that are over and not sealed yet, over HTTP; with a token to write.",
      "The server does so itself ten minutes after the end of a day."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  billing ledger seal", "  billing ledger seal --day 2027-01-31"})
final class LedgerSealCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--day",
      paramLabel = "DAY",
      description = "the last day that is meant, as 2027-01-31; default: the last that is over")
  private @Nullable String day;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    if (day != null) {
      body.put("day", day);
    }
    JsonNode sealed = remote.http().change("/ledger/seals", BillingHttp.bytes(body));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(sealed));
    } else {
      sealed
          .path("sealed")
          .forEach(
              each ->
                  out.println(
                      Text.printable(
                          "%s: %s rows, digest %s"
                              .formatted(
                                  each.path("day").asText(),
                                  each.path("rows").asText(),
                                  each.path("digest").asText()))));
      out.println(sealed.path("sealed").size() + " days sealed");
    }
    out.flush();
  }
}
