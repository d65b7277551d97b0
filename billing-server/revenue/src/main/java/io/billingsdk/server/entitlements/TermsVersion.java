package io.billingsdk.server.entitlements;

import io.billingsdk.server.keys.KeyVersions;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The versions by which somebody may remember what keys may be used for: the one of keys, and the
 * one of plans. Each only grows. Immutable.
 *
 * @param isOwnKeys whether this transaction has changed keys: its version may be rolled back, and
 *     then belongs to a later change, so nothing may be remembered under it
 * @param isOwnPlans the same of plans
 */
public record TermsVersion(long keys, long plans, boolean isOwnKeys, boolean isOwnPlans) {

  /** A condition in SQL: whether {@code :keys} and {@code :plans} are the versions of now. */
  public static final String IS_CURRENT =
      """
      EXISTS (SELECT FROM key_table k, entitlement_table e
        WHERE k.version = :keys AND e.version = :plans)\
      """;

  /** Keys by their ids, and customers, whose terms have changed. */
  public record Changes(boolean isOfAll, Set<String> keys, Set<String> customers) {}

  /** Of now. It is one statement for one row, for each transaction of the intake. */
  public static TermsVersion current(Handle handle) {
    return EntitlementRows.versions(handle);
  }

  /** The same of plans alone: after it, no change of a key is one. */
  public TermsVersion ofPlans() {
    return new TermsVersion(Long.MAX_VALUE, plans, /* isOwnKeys= */ false, isOwnPlans);
  }

  /** Whether nothing may be remembered under it. */
  public boolean isOwn() {
    return isOwnKeys || isOwnPlans;
  }

  /** Whether something has changed since another one. */
  public boolean isAfter(TermsVersion other) {
    return keys > other.keys || plans > other.plans;
  }

  /** The later of each. */
  public TermsVersion max(TermsVersion other) {
    return new TermsVersion(
        Math.max(keys, other.keys), Math.max(plans, other.plans), isOwnKeys, isOwnPlans);
  }

  /** All that has changed since this version. It may name more, and never less. */
  public Changes since(Handle handle) {
    return EntitlementRows.changed(
        handle, plans, Set.copyOf(KeyVersions.changedSince(handle, keys)));
  }
}
