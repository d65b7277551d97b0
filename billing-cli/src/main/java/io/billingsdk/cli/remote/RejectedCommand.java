package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing rejected …}. */
@Command(
    name = "rejected",
    description = "Shows events that were rejected, and are kept with their reason.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing rejected list --code TOO_OLD", "  billing rejected show 42"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RejectedListCommand.class, RejectedShowCommand.class})
final class RejectedCommand {}
