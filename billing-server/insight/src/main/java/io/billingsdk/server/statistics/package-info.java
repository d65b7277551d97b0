/**
 * Statistics of sessions, users and guests: what each of them used, by the counters of a profile,
 * and how near they are to their limits. For the assembly of the server alone.
 *
 * <p>The package owns {@code statistics_profile}, {@code statistics_key}, {@code
 * statistics_person}, {@code statistics_link}, {@code statistics_event}, {@code statistics_total},
 * {@code statistics_quarter} and {@code statistics_reservation}. A hook of the ledger writes the
 * events and their sums, in the transaction of the ledger's own rows: no counter is kept in another
 * way.
 *
 * <p>A person is a random id. The name that an application gives to a user is kept as a keyed hash
 * alone, which an erasure removes.
 */
@NullMarked
package io.billingsdk.server.statistics;

import org.jspecify.annotations.NullMarked;
