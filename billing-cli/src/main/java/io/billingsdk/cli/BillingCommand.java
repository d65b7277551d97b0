package io.billingsdk.cli;

import io.billingsdk.cli.doctor.DoctorCommand;
import io.billingsdk.cli.journal.JournalCommand;
import io.billingsdk.cli.operator.OperatorCommands;
import io.billingsdk.cli.remote.RemoteCommands;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code billing}: without a subcommand it prints help. */
@Command(
    name = "billing",
    description = "Usage metering and API-key enforcement for gRPC services.",
    mixinStandardHelpOptions = true,
    version = "billing-sdk 0.1.0-SNAPSHOT",
    footer = {
      "",
      "Examples:",
      "  billing serve                the billing server, with all it needs",
      "  billing keys create --app A  a key; a running server announces it at once",
      "  billing streams              whether all that was reported is stored",
      "  billing usage --last 24h     sums of usage",
      "  billing tail                 events as they arrive",
      "  billing rejected list        what was not counted, and why",
      "  billing customers list       who pays",
      "  billing plans list           what customers may use, and what it costs",
      "  billing audit list           who changed what",
      "  billing journal inspect DIR  what a client has not delivered yet",
      "  billing doctor               what keeps a service from delivering"
    })
final class BillingCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /** Its commands, in the order of its help; new at each call. */
  static List<Object> subcommands() {
    return Stream.of(
            OperatorCommands.ofTheServer(),
            RemoteCommands.all(),
            OperatorCommands.ofTheInstallation(),
            List.of(new JournalCommand(), new DoctorCommand(), new CompletionCommand()))
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
