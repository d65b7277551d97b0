package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settled part of one segment, in memory and in the file beside it. Confined to the journal's
 * thread.
 *
 * <p>All that is settled may come back: it will be handed out once more, as of an earlier process,
 * when the rest is settled, too. Until then there is one who reads the segment and notes what is
 * settled.
 */
final class SegmentAcks {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final JournalFiles files;
  private final SegmentName name;
  private final AckedRanges settled;
  private final List<Long> unwritten = new ArrayList<>();
  private JournalFiles.@Nullable Output output;

  /** Settled since all before it was to come back; null when nothing is. */
  private @Nullable AckedRanges since;

  private SegmentAcks(JournalFiles files, SegmentName name, AckedRanges settled) {
    this.files = files;
    this.name = name;
    this.settled = settled;
  }

  /** Of a segment that was just begun. */
  static SegmentAcks none(JournalFiles files, SegmentName name) {
    return new SegmentAcks(files, name, new AckedRanges());
  }

  /** As an earlier process left it. What cannot be read costs repetitions, and nothing else. */
  static SegmentAcks read(JournalFiles files, Path slot, SegmentName name) {
    AckedRanges settled = new AckedRanges();
    try {
      AckFile.read(files, slot.resolve(name.ack()), name.stream(), settled);
    } catch (IOException unreadable) {
      log.warn("{} cannot be read: {}", name.ack(), unreadable.toString());
    }
    return new SegmentAcks(files, name, settled);
  }

  AckedRanges settled() {
    return settled;
  }

  void settle(long seq) {
    settled.add(seq, seq);
    unwritten.add(seq);
    if (since != null) {
      since.add(seq, seq);
    }
  }

  /** Whether something is to come back. */
  boolean comesBack() {
    return since != null;
  }

  /** All that is settled now is to come back; returns how many records more that makes. */
  long comeBack() {
    long more = since == null ? settled.count() : since.count();
    since = new AckedRanges();
    return more;
  }

  /**
   * Forgets the records that come back, so that they are found as pending; those settled since stay
   * settled.
   */
  void forgetWhatComesBack(Path slot) throws IOException {
    unwritten.clear();
    files.delete(slot.resolve(name.ack()));
    if (since != null) {
      write(slot, since);
    }
  }

  /** Writes down all that is settled and not to come back. */
  void writeAll(Path slot) throws IOException {
    unwritten.clear();
    write(slot, since == null ? settled : since);
  }

  private void write(Path slot, AckedRanges of) throws IOException {
    if (of.ranges() == 0) {
      return;
    }
    ByteBuffer ranges = AckFile.buffer(of.ranges());
    of.forEachRange((first, last) -> AckFile.put(ranges, name.stream(), first, last));
    try (JournalFiles.Output all = files.append(slot.resolve(name.ack()))) {
      all.write(ranges.flip());
    }
  }

  /** Writes down what was settled since the last time, in ranges. */
  void write(Path slot) throws IOException {
    if (unwritten.isEmpty()) {
      return;
    }
    ByteBuffer ranges = AckFile.buffer(unwritten.size());
    long first = unwritten.get(0);
    long last = first;
    for (long seq : unwritten.subList(1, unwritten.size())) {
      if (seq != last + 1) {
        AckFile.put(ranges, name.stream(), first, last);
        first = seq;
      }
      last = seq;
    }
    AckFile.put(ranges, name.stream(), first, last);
    if (output == null) {
      output = files.append(slot.resolve(name.ack()));
    }
    output.write(ranges.flip());
    unwritten.clear();
  }

  void close() throws IOException {
    if (output != null) {
      output.close();
      output = null;
    }
  }

  /** Deletes the file; one that stays is removed at the next start. */
  void delete(Path slot) {
    unwritten.clear();
    try {
      files.delete(slot.resolve(name.ack()));
    } catch (IOException failed) {
      log.trace("{} cannot be deleted", name.ack(), failed);
    }
  }
}
