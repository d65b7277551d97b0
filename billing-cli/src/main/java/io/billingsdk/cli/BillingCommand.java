package io.billingsdk.cli;

import io.billingsdk.cli.doctor.DoctorCommand;
import io.billingsdk.cli.journal.JournalCommand;
import io.billingsdk.cli.operator.AppsCommand;
import io.billingsdk.cli.operator.BackupCommand;
import io.billingsdk.cli.operator.InstanceCommand;
import io.billingsdk.cli.operator.KeysCommand;
import io.billingsdk.cli.operator.OperatorCommand;
import io.billingsdk.cli.operator.RestoreCommand;
import io.billingsdk.cli.operator.ServeCommand;
import io.billingsdk.cli.operator.StreamsCommand;
import io.billingsdk.cli.operator.TokenCommand;
import io.billingsdk.cli.remote.AuditCommand;
import io.billingsdk.cli.remote.ConflictingCommand;
import io.billingsdk.cli.remote.CorrectionsCommand;
import io.billingsdk.cli.remote.RejectedCommand;
import io.billingsdk.cli.remote.ReplayCommand;
import io.billingsdk.cli.remote.SendCommand;
import io.billingsdk.cli.remote.TailCommand;
import io.billingsdk.cli.remote.UsageCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code billing}: without a subcommand it prints help. */
@Command(
    name = "billing",
    description = "Usage metering and API-key enforcement for gRPC services.",
    mixinStandardHelpOptions = true,
    version = "billing-sdk 0.1.0-SNAPSHOT",
    subcommands = {
      ServeCommand.class,
      AppsCommand.class,
      KeysCommand.class,
      StreamsCommand.class,
      UsageCommand.class,
      TailCommand.class,
      SendCommand.class,
      RejectedCommand.class,
      ReplayCommand.class,
      ConflictingCommand.class,
      CorrectionsCommand.class,
      AuditCommand.class,
      InstanceCommand.class,
      OperatorCommand.class,
      TokenCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      JournalCommand.class,
      DoctorCommand.class,
      CompletionCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  billing serve                the billing server, with all it needs",
      "  billing keys create --app A  a key; a running server tells of it at once",
      "  billing streams              whether all that was reported is stored",
      "  billing usage --last 24h     what was used",
      "  billing tail                 what comes in, while it does",
      "  billing rejected list        what was not counted, and why",
      "  billing audit list           who changed what",
      "  billing journal inspect DIR  what a client has not delivered yet",
      "  billing doctor               what hinders a service from delivering"
    })
final class BillingCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
