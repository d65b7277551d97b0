package io.billingsdk.server.quotas;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The name of a lease on the wire: half of the ledger's id, and the number of the lease. A lease of
 * another ledger has another name, though its number be the same.
 */
record Epoch(String ledger, long number) {
  private static final int LEDGER_CHARS = 16;
  private static final int RADIX = 36;

  static Epoch of(UUID ledger, long number) {
    return new Epoch(half(ledger), number);
  }

  /** Null for what is no name of a lease. */
  static @Nullable Epoch parse(String text) {
    int dash = text.indexOf('-');
    if (dash != LEDGER_CHARS) {
      return null;
    }
    try {
      long number = Long.parseLong(text.substring(dash + 1), RADIX);
      return number > 0 ? new Epoch(text.substring(0, dash), number) : null;
    } catch (NumberFormatException malformed) {
      return null;
    }
  }

  boolean isOf(UUID other) {
    return ledger.equals(half(other));
  }

  private static String half(UUID ledger) {
    return ledger.toString().replace("-", "").substring(0, LEDGER_CHARS);
  }

  @Override
  public String toString() {
    return ledger + "-" + Long.toString(number, RADIX);
  }
}
