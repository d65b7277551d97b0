package io.billingsdk.cli.journal;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.journal.JournalSegment;
import io.billingsdk.journal.JournalSlot;
import io.billingsdk.journal.StoredJournal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing journal inspect DIR}. */
@Command(
    name = "inspect",
    description = {"Shows slots, segments, streams, counts, damage and age. Changes nothing."},
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:all is well",
      "1:there is damage, a dead letter, or a slot that no journal uses",
      "2:wrong usage"
    },
    footerHeading = "%nExamples:%n",
    footer = "  billing journal inspect ./billing-journal")
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "the journal's directory")
  private Path directory = Path.of("billing-journal");

  private long pending;
  private long suspicious;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<JournalSlot> slots = StoredJournal.in(JournalDirectory.checked(directory, spec)).inspect();
    for (JournalSlot slot : slots) {
      show(slot, out);
    }
    out.printf(
        Locale.ROOT,
        "%d slots, %d events pending, %d damaged or refused%n",
        slots.size(),
        pending,
        suspicious);
    out.flush();
    return suspicious == 0 ? 0 : 1;
  }

  private void show(JournalSlot slot, PrintWriter out) {
    if (slot.notTrusted() != null) {
      suspicious++;
      out.printf(
          Locale.ROOT,
          "%s  not used: %s%n",
          Printable.name(slot.name()),
          Printable.text(String.valueOf(slot.notTrusted())));
      return;
    }
    suspicious += slot.quarantined() + slot.deadLetters();
    out.printf(
        Locale.ROOT,
        "%s  %s, %d segments, %d files in quarantine, %d dead letters%n",
        Printable.name(slot.name()),
        slot.inUse() ? "in use by a living process" : "free",
        slot.segments().size(),
        slot.quarantined(),
        slot.deadLetters());
    if (slot.deadLetters() > 0) {
      out.println("  why, and how they come back: billing journal replay --dead --dry-run DIR");
    }
    if (slot.retained() > 0) {
      out.printf(
          Locale.ROOT,
          "  %d delivered segments are retained, %d bytes%n",
          slot.retained(),
          slot.retainedBytes());
    }
    for (JournalSegment segment : slot.segments()) {
      pending += segment.pending();
      suspicious += segment.damaged() + (segment.isNewer() ? 1 : 0);
      out.printf(
          Locale.ROOT,
          "  %s  seq %d..%d, %d records, %d settled, %d pending, %d damaged, %d bytes, %s%n",
          Printable.name(String.valueOf(segment.file())),
          segment.firstSeq(),
          segment.lastSeq(),
          segment.records(),
          segment.settled(),
          segment.pending(),
          segment.damaged(),
          segment.bytes(),
          segment.isNewer()
              ? "NOT READ: its format has the newer version " + segment.formatVersion()
              : age(segment.created()));
    }
  }

  private static String age(@Nullable Instant created) {
    if (created == null) {
      return "header damaged";
    }
    Duration age =
        Duration.between(created, Instant.now()).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    return "begun " + age.toString().substring(2).toLowerCase(Locale.ROOT) + " ago";
  }
}
