package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Progress;
import io.billingsdk.server.backup.Backups;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing restore}. */
@Command(
    name = "restore",
    description = {
      "Creates a data directory from a backup, after it has checked the checksums. Stop the server"
          + " of the backup first.",
      "Usage that was stored after the backup comes back from services that retain delivered events"
          + " (retainDelivered). The rest is lost, and 'streams' names its numbers."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {"0:done", "2:wrong usage", "3:not possible; nothing is left"},
    footerHeading = "%nExamples:%n",
    footer = "  billing restore /backups/2027-01-31 --data-dir ./billing-data")
final class RestoreCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DataDirectoryOption where = new DataDirectoryOption();

  @Parameters(paramLabel = "BACKUP", description = "the directory of a backup")
  private Path backup = Path.of("");

  @Override
  public void run() {
    try (Progress progress = Progress.of("bytes", spec.commandLine().getErr())) {
      Backups.restore(backup.toAbsolutePath().normalize(), where.path(), progress::add);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("billing: restored in " + where.path());
    out.println("Next: billing serve --data-dir " + where.path() + ", then billing streams");
    out.flush();
  }
}
