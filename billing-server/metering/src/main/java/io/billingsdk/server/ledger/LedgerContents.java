package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;

/**
 * What the ledger holds between two cuts, as texts that are the same after a dump and a restore,
 * {@code VACUUM FULL}, and in each time zone and locale: times in UTC with microseconds, plain
 * decimals, the text of jsonb. All that the sums stand on: events, corrections, attributions, the
 * cuts themselves, and the sums of each hour.
 */
public final class LedgerContents {
  private static final int FETCHED = 1_000;

  /** In the order of their names, by which the ids of all rows are in one order. */
  private static final List<Source> SOURCES =
      List.of(
          new Source(
              """
              SELECT 'attribution/' || coalesce(s.uuid::text, t.stream_id::text) || '/' || t.seq AS id,
                t.app_id, t.key_id, t.reason, %s, t.cut_no::text AS cut_no
              FROM attribution t LEFT JOIN stream s USING (stream_id)
              """
                  .formatted(utc("attributed_at")),
              List.of("app_id", "key_id", "reason", "attributed_at", "cut_no")),
          new Source(
              """
              SELECT 'correction/' || coalesce(s.uuid::text, t.stream_id::text) || '/' || t.seq AS id,
                coalesce(c.uuid::text, t.corrects_stream_id::text) AS corrects_stream,
                t.corrects_seq::text AS corrects_seq, %s, t.app_id,
                trim_scale(t.usage)::text AS usage, trim_scale(t.difference)::text AS difference,
                t.reason, t.actor, %s, t.cut_no::text AS cut_no
              FROM correction t LEFT JOIN stream s USING (stream_id)
                LEFT JOIN stream c ON c.stream_id = t.corrects_stream_id
              """
                  .formatted(utc("occurred_at"), utc("corrected_at")),
              List.of(
                  "corrects_stream",
                  "corrects_seq",
                  "occurred_at",
                  "app_id",
                  "usage",
                  "difference",
                  "reason",
                  "actor",
                  "corrected_at",
                  "cut_no")),
          new Source(
              "SELECT 'ledger_cut/' || t.cut_no AS id, %s FROM ledger_cut t\n"
                  .formatted(utc("made_at")),
              List.of("made_at")),
          new Source(
              """
              SELECT 'usage_event/' || coalesce(s.uuid::text, t.stream_id::text) || '/' || t.seq AS id,
                %s, %s, t.app_id, t.key_id, encode(t.key_sha256, 'hex') AS key_sha256, t.module,
                t.model, trim_scale(t.usage)::text AS usage, t.metadata::text AS metadata,
                t.idempotency_key, t.quantities::text AS quantities, t.subject, t.session,
                t.execution, t.cut_no::text AS cut_no
              FROM usage_event t LEFT JOIN stream s USING (stream_id)
              """
                  .formatted(utc("occurred_at"), utc("received_at")),
              List.of(
                  "occurred_at",
                  "received_at",
                  "app_id",
                  "key_id",
                  "key_sha256",
                  "module",
                  "model",
                  "usage",
                  "metadata",
                  "idempotency_key",
                  "quantities",
                  "subject",
                  "session",
                  "execution",
                  "cut_no")),
          new Source(
              """
              SELECT 'usage_rollup_shard/' || jsonb_build_array(%s, t.app_id, t.key_id, t.module,
                  t.model, t.shard, t.cut_no)::text AS id,
                t.events::text AS events, trim_scale(t.usage)::text AS usage
              FROM usage_rollup_shard t
              """
                  .formatted(utcValue("hour")),
              List.of("events", "usage")));

  private LedgerContents() {}

  /** Where rows come from; the columns are the fields of a row, those with NULL are left out. */
  private record Source(String select, List<String> fields) {
    String sql() {
      return "SELECT * FROM ("
          + select
          + "WHERE t.cut_no > :after AND t.cut_no <= :last) AS r ORDER BY r.id COLLATE \"C\"";
    }
  }

  private static String utc(String column) {
    return utcValue(column) + " AS " + column;
  }

  private static String utcValue(String column) {
    return "to_char(t.%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        .formatted(column);
  }

  /**
   * Reads all rows after one cut up to another one, which is made. They never change, so neither
   * does what is read.
   *
   * @param handle in a transaction: rows are fetched by the thousand
   * @param after the cut before; -1 for all from the beginning
   * @param last the last cut that is meant
   * @param row takes the identity of a row and its fields, in the order of the bytes of identities
   */
  public static void read(
      Handle handle, long after, long last, BiConsumer<String, SortedMap<String, String>> row) {
    for (Source each : SOURCES) {
      handle
          .createQuery(each.sql())
          .bind("after", after)
          .bind("last", last)
          .setFetchSize(FETCHED)
          .map(ResultRow.to(found -> new ContentRow(found.text("id"), fields(each, found))))
          .forEach(found -> row.accept(found.id(), found.fields()));
    }
  }

  private record ContentRow(String id, SortedMap<String, String> fields) {}

  private static SortedMap<String, String> fields(Source source, ResultRow row) {
    SortedMap<String, String> fields = new TreeMap<>();
    for (String each : source.fields()) {
      String value = row.textOrNull(each);
      if (value != null) {
        fields.put(each, value);
      }
    }
    return fields;
  }
}
