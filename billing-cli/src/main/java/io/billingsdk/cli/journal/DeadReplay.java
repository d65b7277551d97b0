package io.billingsdk.cli.journal;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.DrainReport;
import io.billingsdk.cli.console.Printable;
import io.billingsdk.journal.DeadEventReplay;
import io.billingsdk.journal.StoredJournal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code billing journal replay --dead}, and what they do. */
final class DeadReplay {
  @Option(
      names = "--dead",
      required = true,
      description = {
        "deliver the events that were refused for good and set aside, instead of the pending ones;",
        "an event that is refused again stays set aside. The service may go on running"
      })
  @SuppressWarnings("UnusedVariable") // Given or not, it says that these options are meant.
  private boolean dead;

  @Option(
      names = "--occurred-at-offset",
      paramLabel = "OFFSET",
      converter = OffsetConverter.class,
      description = "added to the time of each event: -25h after a clock that was 25 hours ahead")
  private Duration offset = Duration.ZERO;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "only events whose reason contains this, such as IN_FUTURE")
  private @Nullable String reason;

  @Option(
      names = "--dry-run",
      description = "say which events are set aside, why, and their times; deliver nothing")
  private boolean dryRun;

  /** Starts a client, delivers with it, and returns what its close says. */
  @FunctionalInterface
  interface Delivering {
    DrainReport run(BillingClient client);
  }

  /** Does it; the exit code. */
  int run(Path directory, PrintWriter out, Delivering delivering) throws IOException {
    StoredJournal journal = StoredJournal.in(directory);
    DeadLetterList list = DeadLetterList.of(journal, reason);
    long offsetMillis = offset.toMillis();
    if (dryRun) {
      list.print(out, offsetMillis);
      out.printf(
          Locale.ROOT,
          "%d of %d events that are set aside would be sent%n",
          list.chosen().size(),
          list.all());
    }
    if (list.reachesIntoTheFuture(offsetMillis, Instant.now())) {
      out.println(
          "some of these times are in the future; --occurred-at-offset moves them, such as -25h"
              + " after a clock that was 25 hours ahead");
    }
    out.flush();
    if (dryRun) {
      return list.chosen().isEmpty() ? 0 : 1;
    }
    if (list.chosen().isEmpty()) {
      out.println("0 delivered, 0 left: nothing is set aside");
      out.flush();
      return 0;
    }
    BillingConfig config =
        BillingConfig.builder()
            .fromEnvironment()
            .enabled(true) // A replay delivers, also where the service is switched off.
            .journalDirectory(directory)
            .shutdownHook(false)
            .build();
    DeadEventReplay replay = journal.replay(config, list.chosen(), offset);
    return print(delivering.run(replay.client()), replay, out);
  }

  private static int print(DrainReport report, DeadEventReplay replay, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%d delivered, %d refused again, %d not sent; undelivered events stay set aside%n",
        report.delivered(),
        report.deadLettered(),
        report.held());
    replay
        .refusedAgain()
        .forEach(
            (why, events) ->
                out.printf(Locale.ROOT, "  %d events: %s%n", events, Printable.text(why)));
    out.flush();
    return report.held() + report.deadLettered() == 0 ? 0 : 1;
  }
}
