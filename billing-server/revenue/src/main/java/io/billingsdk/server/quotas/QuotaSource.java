package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.RateTerms;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Says which quotas there are. Implementations are thread-safe and keep nothing of a transaction.
 */
interface QuotaSource {
  /**
   * A number that is another one after each change of a quota. It is asked for in each transaction
   * of the intake, so it is one row.
   */
  long version(Handle handle);

  /** The quotas that usage of these keys counts to; a key without quotas may be absent. */
  Map<KeyName, List<QuotaRule>> ofKeys(Handle handle, Collection<KeyName> keys);

  /** A quota by its id; empty when there is none, or not any longer. */
  Optional<QuotaRule> byId(Handle handle, String id);

  /** The ids of the keys whose usage counts to a quota, without those that were removed. */
  List<String> keysOf(Handle handle, String id);

  /** The rate of a key for all instances together; empty for any. */
  Optional<RateTerms> rate(Handle handle, String keyId);

  /** What many refused calls of a key lead to; empty where nothing is said about it. */
  default Optional<ViolationPolicy> violations(Handle handle, String keyId) {
    return Optional.empty();
  }

  /** All quotas of a customer and of its keys, in the order of their ids. */
  List<QuotaRule> ofCustomer(Handle handle, String customer);

  /**
   * A key and its app.
   *
   * @param app the id of the app
   * @param key the id of the key
   */
  record KeyName(String app, String key) {}
}
