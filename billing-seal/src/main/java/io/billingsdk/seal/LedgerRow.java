package io.billingsdk.seal;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A row of the ledger, as its seal sees it.
 *
 * @param id its identity, one line of text, which no other row of the day has
 * @param fields the texts of its columns; a column without a value is left out
 */
public record LedgerRow(String id, SortedMap<String, String> fields) {
  private static final int FIRST_PRINTED = 0x20;

  /** Copies the fields. */
  public LedgerRow {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id must not be empty");
    }
    if (id.chars().anyMatch(each -> each < FIRST_PRINTED)) {
      throw new IllegalArgumentException("id must be one line without control characters");
    }
    // The order of another comparator would be another digest of the same row.
    SortedMap<String, String> copy = new TreeMap<>();
    copy.putAll(fields);
    fields = Collections.unmodifiableSortedMap(copy);
  }

  /** A row with these columns in any order. */
  public static LedgerRow of(String id, Map<String, String> fields) {
    return new LedgerRow(id, new TreeMap<>(fields));
  }
}
