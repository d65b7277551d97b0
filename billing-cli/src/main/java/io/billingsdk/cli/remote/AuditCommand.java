package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing audit …}. */
@Command(
    name = "audit",
    description = "Shows who changed what.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing audit list --last 24h"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AuditListCommand.class})
final class AuditCommand {}
