package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing invoices show NUMBER}. */
@Command(
    name = "show",
    description =
        "Shows the lines and sums of an invoice or a credit note, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices show acme-000001")
final class InvoicesShowCommand implements Runnable {
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
    InvoiceOutput.print(found, json, /* explains= */ false, out);
    out.flush();
  }
}
