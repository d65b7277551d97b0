package io.billingsdk.server.quotas;

import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Says which quotas there are. Implementations are thread-safe and keep nothing of a transaction.
 */
interface QuotaSource {
  /** Another one after each change of a quota. Each transaction of the intake asks for it. */
  TermsVersion version(Handle handle);

  /** The changes since a version. */
  Changes changes(Handle handle, TermsVersion since);

  /** The terms of keys by their ids; a key that is not there may be absent. */
  Map<String, KeyTerms> ofKeys(Handle handle, Collection<String> keyIds);

  /** Quotas by their ids; one that is not there, or not any longer, is absent. */
  Map<String, QuotaRule> byIds(Handle handle, Collection<String> ids);

  /** A quota by its id; empty when there is none, or not any longer. */
  default Optional<QuotaRule> byId(Handle handle, String id) {
    return Optional.ofNullable(byIds(handle, List.of(id)).get(id));
  }

  /** The ids of the keys whose usage counts to quotas, by quota, without removed ones. */
  Map<String, List<String>> keysOf(Handle handle, Collection<String> ids);

  /** The rate of a key for all instances together; empty for any. */
  Optional<RateTerms> rate(Handle handle, String keyId);

  /** What many refused calls of keys lead to; a key without such a rule is absent. */
  default Map<String, ViolationPolicy> violations(Handle handle, Collection<String> keyIds) {
    return Map.of();
  }

  /** All quotas of a customer and of its keys, in the order of their ids. */
  List<QuotaRule> ofCustomer(Handle handle, String customer);
}
