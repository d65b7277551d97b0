package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing invoices draft CUSTOMER}. */
@Command(
    name = "draft",
    description =
        "Shows the running period of a customer as an invoice, over HTTP; with a token to read."
            + " Nothing is stored.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices draft acme")
final class InvoicesDraftCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "CUSTOMER", description = "its id")
  private String id = "";

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    JsonNode found =
        remote.http().get("/customers/" + Query.segment(id) + "/invoices/draft", new Query());
    PrintWriter out = spec.commandLine().getOut();
    InvoiceOutput.print(found, json, /* explains= */ false, out);
    out.flush();
  }
}
