package io.billingsdk.server.costs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes costs, and notifies who listens. Who calls it holds the lock of costs, so that there is
 * one writer at a time. Thread-safe.
 */
final class CostStore {
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.costs'))";
  private static final String TRY_LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtext('billing.costs')) AS locked";
  private static final String MAKE_PARTITION = "SELECT ensure_cost_partition(:month)";

  // An event that is there already is left as it is: no repetition makes two costs of it.
  private static final String ADD =
      """
      INSERT INTO cost SELECT * FROM json_populate_recordset(NULL::cost, :rows::json)
      ON CONFLICT DO NOTHING RETURNING stream_id, seq
      """;

  private static final String KEEP =
      """
      INSERT INTO cost_revision
      SELECT c.*, :change::bigint, now()
      FROM cost c JOIN json_populate_recordset(NULL::cost, :rows::json) AS n
        ON c.at = n.at AND c.stream_id = n.stream_id AND c.seq = n.seq
      """;

  private static final String REPLACE =
      """
      UPDATE cost c SET revision = n.revision, app_id = n.app_id, key_id = n.key_id,
        state = n.state, reason = n.reason, amount = n.amount, currency = n.currency,
        input_tokens = n.input_tokens, cached_tokens = n.cached_tokens,
        output_tokens = n.output_tokens, usage = n.usage, adapter = n.adapter,
        price_id = n.price_id, catalogue = n.catalogue, rated_at = n.rated_at
      FROM json_populate_recordset(NULL::cost, :rows::json) AS n
      WHERE c.at = n.at AND c.stream_id = n.stream_id AND c.seq = n.seq
      """;

  private static final String FIND =
      "SELECT "
          + CostRows.COLUMNS
          + " FROM cost c JOIN unnest(:streams::int[], :seqs::bigint[]) AS e (stream_id, seq)"
          + " USING (stream_id, seq)";

  private final List<CostListener> listeners;

  CostStore(List<CostListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Waits until no other transaction writes costs. */
  static void lock(Handle handle) {
    handle.createQuery(LOCK).map(ResultRow.to(row -> true)).one();
  }

  /** Whether no other transaction writes costs; then none does until this one ends. */
  static boolean tryLock(Handle handle) {
    return handle.createQuery(TRY_LOCK).map(ResultRow.to(row -> row.flag("locked"))).one();
  }

  /**
   * Adds costs, each of another event.
   *
   * @param known months whose tables are there; those that are made are added to it by the caller
   * @return the months that rows were added to
   */
  Set<YearMonth> add(Handle handle, List<CostRow> rows, Set<YearMonth> known) {
    Set<YearMonth> months = new HashSet<>();
    rows.forEach(row -> months.add(YearMonth.from(row.at().atOffset(ZoneOffset.UTC))));
    for (YearMonth each : months) {
      if (!known.contains(each)) {
        Instant beginning = each.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        handle.createQuery(MAKE_PARTITION).bind("month", beginning).mapTo(String.class).findOne();
      }
    }
    Set<EventId> added =
        handle
            .createQuery(ADD)
            .bind("rows", json(rows))
            .map(ResultRow.to(row -> new EventId(row.integer("stream_id"), row.number("seq"))))
            .collect(Collectors.toSet());
    List<CostChange> changes =
        rows.stream()
            .filter(row -> added.contains(row.id()))
            .map(row -> new CostChange(null, row))
            .toList();
    call(handle, changes);
    return months;
  }

  /**
   * Puts costs in the place of those that are there, which are kept as earlier revisions.
   *
   * @param change the act that does so; null of an attribution
   */
  void replace(Handle handle, List<CostChange> changes, @Nullable Long change) {
    if (changes.isEmpty()) {
      return;
    }
    String rows = json(changes.stream().map(CostChange::after).toList());
    handle.createUpdate(KEEP).bind("rows", rows).bind("change", change).execute();
    handle.createUpdate(REPLACE).bind("rows", rows).execute();
    call(handle, changes);
  }

  /** The newest costs of events; one that has none is left out. */
  static Map<EventId, CostRow> find(Handle handle, Collection<EventId> events) {
    List<EventId> asked = List.copyOf(events);
    Map<EventId, CostRow> found = new HashMap<>();
    handle
        .createQuery(FIND)
        .bind("streams", SqlArrays.numbers(asked.stream().map(id -> (long) id.streamId()).toList()))
        .bind("seqs", SqlArrays.numbers(asked.stream().map(EventId::seq).toList()))
        .map(ResultRow.to(CostRows::read))
        .forEach(row -> found.put(row.id(), row));
    return found;
  }

  private void call(Handle handle, List<CostChange> changes) {
    if (!changes.isEmpty()) {
      listeners.forEach(each -> each.changed(handle, changes));
    }
  }

  private static String json(List<CostRow> rows) {
    Instant now = Instant.now();
    ArrayNode nodes = JsonNodeFactory.instance.arrayNode(rows.size());
    rows.forEach(row -> nodes.add(CostRows.node(row, now)));
    return nodes.toString();
  }
}
