package io.billingsdk.cli.journal;

import picocli.CommandLine.Command;

/** {@code billing journal …}: looks into a journal, and delivers what is left in one. */
@Command(
    name = "journal",
    description = "Looks into the journal of a billing client.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {InspectCommand.class, ExportCommand.class, ReplayCommand.class})
public final class JournalCommand {}
