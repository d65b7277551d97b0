package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Progress;
import io.billingsdk.server.backup.Backups;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing backup}. */
@Command(
    name = "backup",
    description = {
      "Copies the data directory of a running server: its own database, secrets, certificates and"
          + " instances. A database elsewhere is backed up by its own tools.",
      "The copy holds all secrets."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {"0:done", "2:wrong usage", "3:not possible; nothing is left"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing backup /backups/2027-01-31",
      "  cd /backups/2027-01-31 && sha256sum -c SHA256SUMS"
    })
final class BackupCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DataDirectoryOption where = new DataDirectoryOption();

  @Parameters(paramLabel = "DIR", description = "the new directory")
  private Path target = Path.of("");

  @Override
  public void run() {
    Path directory = target.toAbsolutePath().normalize();
    try (Progress progress = Progress.of("bytes", spec.commandLine().getErr())) {
      Backups.take(where.path(), directory, progress::add);
    }
    spec.commandLine().getOut().println("billing: backup in " + directory);
    spec.commandLine().getOut().flush();
  }
}
