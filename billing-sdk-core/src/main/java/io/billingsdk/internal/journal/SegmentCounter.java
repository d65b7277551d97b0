package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the records of a slot's segments, one after the other: by the seal, or one by one when a
 * segment was not closed in order, or holds copies of records of the one before. Confined to the
 * journal's thread.
 */
final class SegmentCounter {
  private static final int SEAL_BYTES = SegmentFormat.recordBytes(Long.BYTES);

  private final JournalFiles files;
  private @Nullable StoredSegment unsealed;

  /** Counts the segments of one stream that were not closed in order. */
  private AckedRanges found = new AckedRanges();

  SegmentCounter(JournalFiles files) {
    this.files = files;
  }

  /**
   * How many are not settled, and in none of the segments before it. What the seal of a damaged
   * segment says may be too much.
   *
   * @param later those after it; records settled there are settled
   */
  long unsettled(StoredSegment segment, List<StoredSegment> later) throws IOException {
    boolean overlaps = unsealed != null && segment.overlaps(unsealed, found.last());
    if (!overlaps) {
      unsealed = null;
      found = new AckedRanges();
    }
    Long sealed = bySeal(files, segment.slot(), segment.name());
    if (sealed != null && !overlaps) {
      return Math.max(0, sealed - segment.settled().count());
    }
    unsealed = segment;
    return oneByOne(segment, later);
  }

  private static @Nullable Long bySeal(JournalFiles files, Path slot, SegmentName name)
      throws IOException {
    try (JournalFiles.Input input = files.open(slot.resolve(name.wal()))) {
      long at = input.bytes() - SEAL_BYTES;
      if (at < SegmentFormat.HEADER_BYTES) {
        return null;
      }
      ByteBuffer bytes = SegmentFormat.allocate(SEAL_BYTES);
      input.read(bytes, at);
      if (bytes.flip().remaining() < SEAL_BYTES) {
        return null;
      }
      SegmentFormat.RecordHeader header = SegmentFormat.parseRecordHeader(bytes, 0, name.stream());
      if (header == null
          || header.type() != SegmentFormat.SEAL
          || header.bodyBytes() != Long.BYTES) {
        return null;
      }
      byte[] body = new byte[Long.BYTES];
      bytes.get(SegmentFormat.RECORD_HEADER_BYTES, body);
      return SegmentFormat.matches(header, name.stream(), body)
          ? bytes.getLong(SegmentFormat.RECORD_HEADER_BYTES)
          : null;
    }
  }

  private long oneByOne(StoredSegment segment, List<StoredSegment> later) throws IOException {
    long count = 0;
    try (SegmentReader reader =
        new SegmentReader(
            files.open(segment.slot().resolve(segment.name().wal())), segment.name().stream())) {
      for (SegmentReader.Item item = reader.next(Long.MAX_VALUE);
          item != null;
          item = reader.next(Long.MAX_VALUE)) {
        if (item instanceof SegmentReader.Valid valid && valid.type() == SegmentFormat.EVENT) {
          long seq = valid.seq();
          if (!found.contains(seq)
              && !segment.settled().contains(seq)
              && !isSettled(seq, segment, later)) {
            count++;
          }
          found.add(seq, seq);
        }
      }
    }
    return count;
  }

  private static boolean isSettled(long seq, StoredSegment segment, List<StoredSegment> later) {
    for (StoredSegment other : later) {
      if (!other.overlaps(segment, seq)) {
        return false;
      }
      if (other.settled().contains(seq)) {
        return true;
      }
    }
    return false;
  }
}
