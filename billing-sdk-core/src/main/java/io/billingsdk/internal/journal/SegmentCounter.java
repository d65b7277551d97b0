package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Counts the records of a segment: by its seal, or one by one when it was not closed in order. */
final class SegmentCounter {
  private static final int SEAL_BYTES = SegmentFormat.recordBytes(Long.BYTES);

  private SegmentCounter() {}

  /** How many are not settled. What the seal of a damaged segment says may be too much. */
  static long unsettled(JournalFiles files, Path slot, SegmentName name, SettledSet settled)
      throws IOException {
    Long sealed = bySeal(files, slot, name);
    return sealed == null
        ? oneByOne(files, slot, name, settled)
        : Math.max(0, sealed - settled.count());
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

  private static long oneByOne(JournalFiles files, Path slot, SegmentName name, SettledSet settled)
      throws IOException {
    long count = 0;
    try (SegmentReader reader =
        new SegmentReader(files.open(slot.resolve(name.wal())), name.stream())) {
      for (SegmentReader.Item item = reader.next(Long.MAX_VALUE);
          item != null;
          item = reader.next(Long.MAX_VALUE)) {
        if (item instanceof SegmentReader.Valid valid
            && valid.type() == SegmentFormat.EVENT
            && !settled.contains(valid.seq())) {
          count++;
        }
      }
    }
    return count;
  }
}
