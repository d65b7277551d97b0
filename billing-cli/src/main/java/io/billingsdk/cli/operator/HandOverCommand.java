package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.cli.console.Uuid;
import io.billingsdk.server.ledger.StreamChanges;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing streams hand-over}: another instance may go on with a stream. */
@Command(
    name = "hand-over",
    description = {
      "Gives a stream to another instance, which delivers the events that the previous one left in"
          + " its journal.",
      "Current SDKs prove their right with their journal. This command is for older SDKs, whose"
          + " events are refused as STREAM_FOREIGN and wait. The audit log keeps who did it and"
          + " why."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer =
        "  billing streams hand-over 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11"
            + " --to gateway-2 --reason 'host replaced'")
final class HandOverCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Parameters(paramLabel = "STREAM", converter = Uuid.class, description = "as streams shows it")
  private UUID stream = new UUID(0, 0);

  @Option(
      names = "--to",
      paramLabel = "INSTANCE",
      required = true,
      description = "the instance that owns it from then on")
  private String instance = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "1 to 256 characters; kept in the audit log")
  private String reason = "";

  @Override
  public void run() {
    Optional<String> before =
        options.with(database -> new StreamChanges(database).handOver(stream, instance, reason));
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "the stream is of "
            + instance
            + " now, and was of "
            + before.map(Printable::text).orElse("no known instance"));
    out.flush();
  }
}
