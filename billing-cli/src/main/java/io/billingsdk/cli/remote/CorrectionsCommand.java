package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing corrections …}. */
@Command(
    name = "corrections",
    description = "Shows and makes corrections of events that were counted wrongly.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing corrections list --app acme --csv > corrections.csv"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {CorrectionsListCommand.class, CorrectionsCreateCommand.class})
final class CorrectionsCommand {}
