package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing tax show}. */
@Command(
    name = "show",
    description = {
      "Shows what a customer is for taxes, by the days from which on, the latest first.",
      "Over HTTP; with a token to read."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax show acme")
final class TaxShowCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "CUSTOMER", description = "as customers list shows it")
  private String customer = "";

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode found =
        remote.http().get("/customers/" + Query.segment(customer) + "/tax", new Query());
    found.path("items").forEach(each -> out.println(JsonLines.of(each)));
    out.flush();
  }
}
