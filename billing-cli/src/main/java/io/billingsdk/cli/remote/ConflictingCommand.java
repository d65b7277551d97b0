package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing conflicting …}. */
@Command(
    name = "conflicting",
    description =
        "Shows events that have the identity of a counted event and other content. The server keeps"
            + " them, and does not count them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing conflicting list --instance gateway-1",
      "  billing conflicting show 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 7"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ConflictingListCommand.class, ConflictingShowCommand.class})
final class ConflictingCommand {}
