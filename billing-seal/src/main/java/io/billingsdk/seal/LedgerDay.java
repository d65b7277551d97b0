package io.billingsdk.seal;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of a ledger day, in the order of the ledger.
 *
 * @param day the day
 * @param rows its rows; perhaps none
 */
public record LedgerDay(LocalDate day, List<LedgerRow> rows) {
  /** Copies the rows. */
  public LedgerDay {
    rows = List.copyOf(rows);
  }

  /** Refuses two rows with one identity: a seal could not say which one it means. */
  LedgerDay checked() {
    Set<String> ids = new HashSet<>();
    for (LedgerRow row : rows) {
      if (!ids.add(row.id())) {
        throw new IllegalArgumentException(
            "rows of " + day + " must have different ids, but " + row.id() + " is there twice");
      }
    }
    return this;
  }
}
