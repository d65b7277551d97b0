package io.billingsdk.journal;

import io.billingsdk.internal.journal.JournalInspector.SegmentReport;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A file of a journal, as it was found. Immutable and thread-safe. */
public final class JournalSegment {
  private final SegmentReport report;

  JournalSegment(SegmentReport report) {
    this.report = report;
  }

  /** The name of the file. */
  public String file() {
    return report.file();
  }

  /** The stream of its events. */
  public UUID stream() {
    return report.stream();
  }

  /** When it was begun; null when its header is damaged. */
  public @Nullable Instant created() {
    return report.created();
  }

  /** The version of its format; 0 when its header is damaged. */
  public int formatVersion() {
    return report.formatVersion();
  }

  /** Whether its format is newer than this library, so that only its size is known. */
  public boolean isNewer() {
    return report.isNewer();
  }

  /** Its size in bytes. */
  public long bytes() {
    return report.bytes();
  }

  /** The number of its first event; 0 when it has none. */
  public long firstSeq() {
    return report.firstSeq();
  }

  /** The number of its last event; 0 when it has none. */
  public long lastSeq() {
    return report.lastSeq();
  }

  /** Its events. */
  public long records() {
    return report.records();
  }

  /** Events of those that were delivered or set aside. */
  public long settled() {
    return report.settled();
  }

  /** Events that are still to be delivered. */
  public long pending() {
    return report.pending();
  }

  /** Pieces that are no valid event. */
  public long damaged() {
    return report.damaged();
  }

  /** All that it says. */
  @Override
  public String toString() {
    return "JournalSegment" + report.toString().substring("SegmentReport".length());
  }
}
