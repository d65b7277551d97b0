package io.billingsdk.journal;

import io.billingsdk.internal.journal.JournalInspector.SlotReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a journal that one process has at a time, as it was found. Immutable and thread-safe.
 */
public final class JournalSlot {
  private final SlotReport report;

  JournalSlot(SlotReport report) {
    this.report = report;
  }

  /** The name of its directory, such as {@code slot-00}. */
  public String name() {
    return report.name();
  }

  /** Whether a living process has it. */
  public boolean inUse() {
    return report.inUse();
  }

  /** Its segments, oldest first. */
  public List<JournalSegment> segments() {
    return report.segments().stream().map(JournalSegment::new).toList();
  }

  /** Files in quarantine: damaged bytes that were found and kept. */
  public int quarantined() {
    return report.quarantined();
  }

  /** Events that were refused for good and set aside. */
  public int deadLetters() {
    return report.deadLetters();
  }

  /** Segments that are delivered and retained for a restored billing system. */
  public int retained() {
    return report.retained();
  }

  /** Bytes of the retained segments. */
  public long retainedBytes() {
    return report.retainedBytes();
  }

  /** Why no journal uses it, and nothing in it was looked at; null when it is used. */
  public @Nullable String notTrusted() {
    return report.notTrusted();
  }

  /** All that it says. */
  @Override
  public String toString() {
    return "JournalSlot" + report.toString().substring("SlotReport".length());
  }
}
