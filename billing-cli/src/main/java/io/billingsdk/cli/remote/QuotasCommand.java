package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing quotas …}. */
@Command(
    name = "quotas",
    description = "Shows how quotas stand, extends them, and ends leases that nobody will end.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing quotas list --key KEY_ID"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {QuotasListCommand.class, QuotasGrantCommand.class, QuotasReleaseCommand.class})
final class QuotasCommand {}
