package io.billingsdk.seal;

import java.time.LocalDate;
import java.util.function.UnaryOperator;

/**
 * A seal that is being made: the rows of the day go through it, one after the other. It holds the
 * last one alone, so a day may have any number of rows. For one thread, and one day.
 */
public final class OpenSeal {
  private final LocalDate day;
  private final String before;
  private final DayDigest digest;
  private final UnaryOperator<String> signer;
  private String last = "";

  OpenSeal(LocalDate day, String before, UnaryOperator<String> signer) {
    this.day = day;
    this.before = before;
    this.digest = new DayDigest(day, before);
    this.signer = signer;
  }

  /**
   * Adds the next row.
   *
   * @return its entry, to be kept for those who verify the day
   * @throws IllegalArgumentException when its identity does not come after the last one in the
   *     order of the bytes of UTF-8: a seal could not say which one of two it means
   */
  public SealEntry add(LedgerRow row) {
    int order = Utf8Order.compare(last, row.id());
    if (order == 0) {
      throw new IllegalArgumentException(
          "rows of " + day + " must have different ids, but " + row.id() + " is there twice");
    }
    if (order > 0) {
      throw new IllegalArgumentException(
          "rows of " + day + " must be in the order of their ids, but " + row.id() + " is late");
    }
    last = row.id();
    SealEntry entry = Digests.entry(row);
    digest.add(entry);
    return entry;
  }

  /** The seal, once, after the last row of the day. */
  public DaySeal close() {
    long rows = digest.rows();
    String all = digest.end();
    return new DaySeal(day, before, rows, all, signer.apply(all));
  }
}
