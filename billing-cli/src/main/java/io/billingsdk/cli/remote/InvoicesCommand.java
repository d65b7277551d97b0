package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing invoices …}. */
@Command(
    name = "invoices",
    description =
        "Previews, issues, shows, explains, verifies, compares, corrects, downloads invoices.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing invoices draft acme", "  billing invoices run"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      InvoicesDraftCommand.class,
      InvoicesRunCommand.class,
      InvoicesListCommand.class,
      InvoicesShowCommand.class,
      InvoicesExplainCommand.class,
      InvoicesVerifyCommand.class,
      InvoicesCompareCommand.class,
      InvoicesMarginCommand.class,
      InvoicesEventsCommand.class,
      InvoicesExportCommand.class,
      InvoicesResumeCommand.class,
      InvoicesFailuresCommand.class,
      InvoicesDocumentsCommand.class,
      InvoicesDocumentFailuresCommand.class,
      InvoicesPreviewCommand.class,
      InvoicesCreditCommand.class,
      InvoicesVoidCommand.class
    })
final class InvoicesCommand {}
