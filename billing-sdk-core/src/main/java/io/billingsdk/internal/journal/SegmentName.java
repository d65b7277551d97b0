package io.billingsdk.internal.journal;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment: {@code seg-<number, 20 digits>-<stream id>.wal}; its settled part is in
 * the file of the same name that ends with {@code .ack}.
 *
 * <p>Numbers only grow in a slot, and are not taken from a clock, which may be set back.
 */
record SegmentName(long number, UUID stream) implements Comparable<SegmentName> {
  private static final long MAX_NUMBER = 999_999_999_999_999_999L;
  private static final Pattern WAL = Pattern.compile("seg-(\\d{20})-([0-9a-f-]{36})\\.wal");

  static Optional<SegmentName> parse(String fileName) {
    Matcher matcher = WAL.matcher(fileName);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long number = Long.parseLong(matcher.group(1));
      SegmentName name = new SegmentName(number, UUID.fromString(matcher.group(2)));
      // One that would be written otherwise could not be opened, and numbers must not run out.
      return Optional.of(name).filter(n -> n.number <= MAX_NUMBER && n.wal().equals(fileName));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  String wal() {
    return stem() + ".wal";
  }

  String ack() {
    return stem() + ".ack";
  }

  /** The name of the segment that this acknowledgement file belongs to, if it is one. */
  static Optional<SegmentName> parseAck(String fileName) {
    return fileName.endsWith(".ack")
        ? parse(fileName.substring(0, fileName.length() - ".ack".length()) + ".wal")
        : Optional.empty();
  }

  private String stem() {
    return String.format(java.util.Locale.ROOT, "seg-%020d-%s", number, stream);
  }

  @Override
  public int compareTo(SegmentName other) {
    return Long.compare(number, other.number);
  }
}
