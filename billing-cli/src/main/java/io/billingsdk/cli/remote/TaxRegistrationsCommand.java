package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing tax registrations}. */
@Command(
    name = "registrations",
    description = "Lists for which taxes a seller is registered, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax registrations acme")
final class TaxRegistrationsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "SELLER", description = "as sellers list shows it")
  private String seller = "";

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode found =
        remote.http().get("/sellers/" + Query.segment(seller) + "/tax-registrations", new Query());
    found.path("items").forEach(each -> out.println(JsonLines.of(each)));
    out.flush();
  }
}
