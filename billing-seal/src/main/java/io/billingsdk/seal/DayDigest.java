package io.billingsdk.seal;

import java.security.MessageDigest;
import java.time.LocalDate;

/**
 * The digest of a day, entry by entry: the digest before it, the day, its entries in their order,
 * and their number. It holds no entry. For one thread.
 */
final class DayDigest {
  private static final byte DAY = 2;
  private static final byte ENTRY = 1;
  private static final byte END = 0;

  private final MessageDigest digest = Digests.begin(DAY);
  private long rows;

  DayDigest(LocalDate day, String before) {
    Digests.text(digest, before);
    Digests.text(digest, day.toString());
  }

  void add(SealEntry entry) {
    digest.update(ENTRY);
    Digests.text(digest, entry.id());
    Digests.text(digest, entry.content());
    rows++;
  }

  /** How many entries there were. */
  long rows() {
    return rows;
  }

  /** Once, after the last entry. */
  String end() {
    digest.update(END);
    Digests.number(digest, rows);
    return Digests.end(digest);
  }
}
