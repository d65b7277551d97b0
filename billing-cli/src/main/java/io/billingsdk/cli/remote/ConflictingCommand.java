package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;

/** {@code billing conflicting …}. */
@Command(
    name = "conflicting",
    description =
        "Shows events with the identity of others and other content, which are kept and not"
            + " counted.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing conflicting list --instance gateway-1",
      "  billing conflicting show 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 7"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ConflictingListCommand.class, ConflictingShowCommand.class})
final class ConflictingCommand {}
