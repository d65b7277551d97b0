package io.billingsdk.server.performance;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sums of the quarters of a day, or of the days of a month, as bytes: a version, and for each
 * cell with a cost how far it is from the one before, its counts and its amount, and then 0, or 1
 * and what is there beside them. Counts have seven bits a byte, the lowest first; a decimal is its
 * scale and its digits. Equal cells have equal bytes.
 */
final class PackedCells {
  private static final int VERSION = 1;
  private static final int LONG_BYTES = 8;

  private final byte[] bytes;
  private int next = 1;

  private PackedCells(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != VERSION) {
      throw new IllegalStateException("sums in the database are malformed");
    }
    this.bytes = bytes;
  }

  static byte[] write(SortedMap<Integer, Figures> cells) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    int before = -1;
    for (Map.Entry<Integer, Figures> each : cells.entrySet()) {
      SevenBits.write(out, each.getKey() - before);
      before = each.getKey();
      Figures cell = each.getValue();
      SevenBits.write(out, cell.entries());
      SevenBits.write(out, cell.uses());
      decimal(out, cell.amount());
      boolean hasMore = cell.timed() > 0 || !cell.details().isEmpty();
      SevenBits.write(out, hasMore ? 1 : 0);
      if (hasMore) {
        SevenBits.write(out, cell.timed());
        decimal(out, cell.durationMillis());
        SevenBits.write(out, cell.details().size());
        cell.details().forEach(detail -> decimal(out, detail));
      }
    }
    return out.toByteArray();
  }

  /** The scale may be below 0: of two neighbours one is for it. */
  private static void decimal(ByteArrayOutputStream out, BigDecimal value) {
    int scale = value.scale();
    SevenBits.write(out, scale < 0 ? -2L * scale - 1 : 2L * scale);
    byte[] digits = value.unscaledValue().toByteArray();
    SevenBits.write(out, digits.length);
    out.writeBytes(digits);
  }

  /** All cells by their place. */
  static SortedMap<Integer, Figures> read(byte[] bytes) {
    SortedMap<Integer, RunningSum> sums = new TreeMap<>();
    add(bytes, cell -> sums.computeIfAbsent(cell, none -> new RunningSum()));
    SortedMap<Integer, Figures> cells = new TreeMap<>();
    sums.forEach((cell, sum) -> cells.put(cell, sum.figures()));
    return cells;
  }

  /** Adds each cell to the sum that it is for; null for a cell that nobody wants. */
  static void add(byte[] bytes, IntFunction<@Nullable RunningSum> sums) {
    PackedCells in = new PackedCells(bytes);
    int cell = -1;
    while (in.next < bytes.length) {
      cell += (int) in.number();
      in.addCell(sums.apply(cell));
    }
  }

  private void addCell(@Nullable RunningSum sum) {
    long entries = number();
    long uses = number();
    if (sum != null) {
      sum.count(entries, uses);
    }
    decimal(sum == null ? null : sum.amount());
    if (number() > 0) {
      addMore(sum);
    }
  }

  private void addMore(@Nullable RunningSum sum) {
    long timed = number();
    if (sum != null) {
      sum.countTimed(timed);
    }
    decimal(sum == null ? null : sum.durationMillis());
    int details = (int) number();
    for (int i = 0; i < details; i++) {
      decimal(sum == null ? null : sum.detail(i));
    }
  }

  private void decimal(@Nullable ExactSum sum) {
    long packed = number();
    int scale = (int) ((packed & 1) == 0 ? packed >> 1 : -((packed + 1) >> 1));
    int length = (int) number();
    int first = next;
    next += length;
    if (sum == null) {
      return;
    }
    if (length > LONG_BYTES) {
      byte[] digits = Arrays.copyOfRange(bytes, first, next);
      sum.add(new BigDecimal(new BigInteger(digits), scale));
      return;
    }
    long unscaled = bytes[first];
    for (int i = first + 1; i < next; i++) {
      unscaled = (unscaled << Byte.SIZE) | (bytes[i] & 0xff);
    }
    sum.add(unscaled, scale);
  }

  private long number() {
    long value = 0;
    int shift = 0;
    while (bytes[next] < 0) {
      value |= (long) (bytes[next++] & 0x7f) << shift;
      shift += 7;
    }
    return value | (long) bytes[next++] << shift;
  }
}
