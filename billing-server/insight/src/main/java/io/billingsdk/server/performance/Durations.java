package io.billingsdk.server.performance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Durations of a cell, ascending, as bytes: how many, then how far each is from the one before, in
 * seven bits a byte. Bytes of several cells may follow each other. Equal durations have equal
 * bytes, in whichever order they came. Immutable.
 */
final class Durations {
  /** A cell with more has none: it is a part of no answer that is exact. */
  static final int MOST = 20_000;

  private final byte[] bytes;

  private Durations(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Of some values in any order; empty for too many. */
  static Optional<Durations> of(Collection<Long> values) {
    return of(values.stream().mapToLong(Long::longValue).toArray());
  }

  private static Optional<Durations> of(long[] values) {
    if (values.length > MOST) {
      return Optional.empty();
    }
    Arrays.sort(values);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SevenBits.write(out, values.length);
    long before = 0;
    for (long value : values) {
      SevenBits.write(out, value - before);
      before = value;
    }
    return Optional.of(new Durations(out.toByteArray()));
  }

  /** Those that a column has; empty for NULL. */
  static Optional<Durations> stored(byte @Nullable [] bytes) {
    return bytes == null ? Optional.empty() : Optional.of(new Durations(bytes));
  }

  /** Those of all; empty if one of them is, or they are too many. */
  static Optional<Durations> sum(List<Optional<Durations>> some) {
    if (some.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    some.forEach(each -> all.writeBytes(each.orElseThrow().bytes));
    Values values = new Values();
    read(all.toByteArray(), values::add);
    return of(values.toArray());
  }

  byte[] toBytes() {
    return bytes.clone();
  }

  /** Reads the bytes of cells that follow each other. */
  static void read(byte[] bytes, LongConsumer value) {
    int next = 0;
    long left = -1;
    long before = 0;
    while (next < bytes.length) {
      long number = 0;
      int shift = 0;
      while (bytes[next] < 0) {
        number |= (long) (bytes[next++] & 0x7f) << shift;
        shift += 7;
      }
      number |= (long) bytes[next++] << shift;
      if (left <= 0) {
        left = number;
        before = 0;
      } else {
        before += number;
        left--;
        value.accept(before);
      }
    }
  }

  /** Collects values. For one thread. */
  static final class Values {
    private static final int FIRST = 256;

    private long[] values = new long[FIRST];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    /** A copy. */
    long[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
