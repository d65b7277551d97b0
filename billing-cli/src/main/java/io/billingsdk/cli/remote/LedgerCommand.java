package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing ledger …}. */
@Command(
    name = "ledger",
    description = "Seals ledger days, and verifies that the ledger is as it was sealed.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing ledger verify", "  billing ledger verify --witness seals.txt"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {LedgerSealCommand.class, LedgerSealsCommand.class, LedgerVerifyCommand.class})
final class LedgerCommand {}
