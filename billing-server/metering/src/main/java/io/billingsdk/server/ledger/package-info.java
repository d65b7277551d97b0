/**
 * The ledger: usage, by whom, and its fate. Other packages read it through the public types here,
 * and write to it through {@code LedgerAppender} alone.
 *
 * <p>The package owns these tables, and no other package has a statement that writes to one of
 * them:
 *
 * <ul>
 *   <li>events: {@code usage_event}, {@code event_identity}, {@code idempotency}, {@code
 *       usage_rollup_shard}
 *   <li>changes to them: {@code correction}, {@code attribution}, {@code replay}
 *   <li>refused events: {@code rejected_event}, {@code conflicting_event}, {@code held_event},
 *       {@code refusal_count}
 *   <li>streams: {@code stream}, {@code stream_gap}, {@code stream_hello}, {@code stream_dropped},
 *       {@code stream_written_off}
 *   <li>the ledger itself: {@code ledger}, {@code ledger_cut}
 * </ul>
 *
 * <p>Each writer takes its locks in this order: the lock of attributions or of replays, the number
 * of the ledger, streams by their ids, idempotency keys, identities, rollups by their keys, append
 * hooks by their names.
 */
@NullMarked
package io.billingsdk.server.ledger;

import org.jspecify.annotations.NullMarked;
