package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing tax …}. */
@Command(
    name = "tax",
    description = "Sets and explains taxes of invoices, takes in rates, and prints returns.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing tax register acme --scheme vat --country FR --number FR40303265045"
          + " --from 2026-01-01",
      "  billing tax returns acme --quarter 2026-Q3"
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TaxRegisterCommand.class,
      TaxRegistrationsCommand.class,
      TaxEndCommand.class,
      TaxSetCommand.class,
      TaxShowCommand.class,
      TaxExplainCommand.class,
      TaxRatesCommand.class,
      TaxImportRatesCommand.class,
      TaxImportExchangeRatesCommand.class,
      TaxReturnsCommand.class
    })
final class TaxCommand {}
