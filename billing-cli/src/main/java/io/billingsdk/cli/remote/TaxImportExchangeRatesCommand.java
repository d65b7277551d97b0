package io.billingsdk.cli.remote;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code billing tax import-exchange-rates}. */
@Command(
    name = "import-exchange-rates",
    description = {
      "Takes in exchange rates: all of them, or nothing.",
      "Over HTTP; with a token of the scope finance."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax import-exchange-rates ecb.csv")
final class TaxImportExchangeRatesCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "FILE", description = "CSV with the columns day,base,quote,rate,source")
  private Path file = Path.of("");

  @Override
  public void run() {
    String content = PlanFileText.read(file);
    shown.print(
        remote
            .http()
            .change(
                "/tax/exchange-rates",
                BillingHttp.bytes(BillingHttp.JSON.createObjectNode().put("file", content))));
  }
}
