package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing invoices explain NUMBER}. */
@Command(
    name = "explain",
    description =
        "Shows how each line of an invoice came about, down to its events, over HTTP; with a token"
            + " to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices explain acme-000001")
final class InvoicesExplainCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "NUMBER", description = "as invoices list shows it")
  private String id = "";

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    JsonNode found = remote.http().get("/invoices/" + Query.segment(id) + "/document", new Query());
    PrintWriter out = spec.commandLine().getOut();
    InvoiceOutput.print(found, json, /* explains= */ true, out);
    out.flush();
  }
}
