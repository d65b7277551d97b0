package io.billingsdk.cli.remote;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code billing tax import-rates}. */
@Command(
    name = "import-rates",
    description = {
      "Takes in a table of rates with a later edition: all of it, or nothing. It counts from then"
          + " on.",
      "Over HTTP; with a token of the scope finance."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax import-rates rates.csv")
final class TaxImportRatesCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "FILE", description = "CSV; docs/tax.md has the columns")
  private Path file = Path.of("");

  @Override
  public void run() {
    String content = PlanFileText.read(file);
    shown.print(
        remote
            .http()
            .change(
                "/tax/rates",
                BillingHttp.bytes(BillingHttp.JSON.createObjectNode().put("file", content))));
  }
}
