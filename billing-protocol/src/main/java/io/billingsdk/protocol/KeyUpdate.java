package io.billingsdk.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of {@code billing/keys/update}.
 *
 * @param timestampMillis when the billing system made it
 * @param protocol the highest protocol that the billing system speaks; 1 unless it says otherwise
 * @param entries the keys that it speaks of; others are unchanged
 * @param skipped entries that were malformed and are left out
 */
public record KeyUpdate(long timestampMillis, int protocol, List<Entry> entries, int skipped) {

  /** An update of a system that speaks protocol 1 only. */
  public KeyUpdate(long timestampMillis, List<Entry> entries, int skipped) {
    this(timestampMillis, 1, entries, skipped);
  }

  /** The entries are copied. */
  public KeyUpdate {
    entries = List.copyOf(entries);
  }

  /**
   * The state of one key.
   *
   * @param blocked true unless the status is {@code ok}: a status that this version does not know
   *     must not let anybody in
   * @param reason the operator's, if given
   */
  public record Entry(String appId, String apiKey, boolean blocked, @Nullable String reason) {
    @Override
    public String toString() {
      return "Entry[appId=" + appId + ", blocked=" + blocked + ", reason=" + reason + "]";
    }
  }
}
