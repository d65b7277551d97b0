package io.billingsdk.server.quotas;

import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an admission and a count need to know of a key. Immutable.
 *
 * @param expiresAtMillis null for a key that does not expire
 * @param customer whose key it is; null for nobody's
 * @param rules the quotas that its usage counts to
 */
record KeyTerms(
    KeyStatus status,
    @Nullable Long expiresAtMillis,
    @Nullable String customer,
    List<QuotaRule> rules) {
  /** Of an id that no key has. */
  static final KeyTerms NONE = new KeyTerms(KeyStatus.REMOVED, null, null, List.of());

  /** Copies the list. */
  KeyTerms {
    rules = List.copyOf(rules);
  }
}
