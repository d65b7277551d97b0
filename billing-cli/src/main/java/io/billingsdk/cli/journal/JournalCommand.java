package io.billingsdk.cli.journal;

import picocli.CommandLine.Command;

/** {@code billing journal …}: looks into a journal, and delivers what is left in one. */
@Command(
    name = "journal",
    description = "Looks into the journal of a billing client.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing journal inspect ./billing-journal",
      "  billing journal export ./billing-journal > events.ndjson",
      "  BILLING_HOST=mq.example billing journal replay ./billing-journal"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {InspectCommand.class, ExportCommand.class, JournalReplayCommand.class})
public final class JournalCommand {}
