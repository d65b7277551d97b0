package io.billingsdk.cli.journal;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingException;
import io.billingsdk.ClientStatus;
import io.billingsdk.DrainReport;
import io.billingsdk.cli.console.Printable;
import io.billingsdk.cli.console.Progress;
import io.billingsdk.cli.console.Whole;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing journal replay DIR}. */
@Command(
    name = "replay",
    description = {
      "Delivers the pending events of processes that are dead, under the identities they have, and",
      "removes delivered ones. With --dead it delivers the events that were set aside. The",
      "broker comes from BILLING_HOST, BILLING_USERNAME and so on, as for any client."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:nothing is left",
      "1:something is left, or it could not begin",
      "2:wrong usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  BILLING_HOST=broker.example billing journal replay ./billing-journal",
      "  billing journal replay ./billing-journal --dead --dry-run",
      "  billing journal replay ./billing-journal --dead --occurred-at-offset=-25h"
    })
final class JournalReplayCommand implements Callable<Integer> {
  private static final Duration STEP = Duration.ofMillis(250);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "the journal's directory")
  private Path directory = Path.of("billing-journal");

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      converter = Whole.Patience.class,
      description = "how long to try (default: ${DEFAULT-VALUE})")
  private long timeoutSeconds = 300;

  @ArgGroup(exclusive = false)
  private @Nullable DeadReplay dead;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (dead != null) {
        return dead.run(JournalDirectory.checked(directory, spec), out, this::deliver);
      }
      BillingConfig config =
          BillingConfig.builder()
              .fromEnvironment()
              .enabled(true) // A replay delivers, also where the service is switched off.
              .journalDirectory(JournalDirectory.checked(directory, spec))
              .build();
      DrainReport report = deliver(BillingClient.create(config));
      out.printf(
          Locale.ROOT,
          "%d delivered, %d left, %d set aside%n",
          report.delivered(),
          report.held(),
          report.deadLettered());
      out.flush();
      return report.held() == 0 ? 0 : 1;
    } catch (IllegalArgumentException | BillingException | IOException wrong) {
      spec.commandLine()
          .getErr()
          .println("billing: " + Printable.text(String.valueOf(wrong.getMessage())));
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private DrainReport deliver(BillingClient created) {
    try (BillingClient client = created) {
      client.start();
      flush(client);
      return client.close(Duration.ZERO);
    }
  }

  /** In small pieces of time, to say how far it is. */
  private void flush(BillingClient client) {
    long end = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
    try (Progress progress = Progress.of("events", spec.commandLine().getErr())) {
      long held = Long.MAX_VALUE;
      while (held > 0 && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
        long left = Math.min(STEP.toNanos(), end - System.nanoTime());
        held = client.flush(Duration.ofNanos(Math.max(0, left))).held();
        ClientStatus.Delivery delivery = client.status().delivery();
        progress.at(delivery.delivered(), delivery.accepted());
      }
    }
  }
}
