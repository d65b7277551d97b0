package io.billingsdk.server.costs;

import io.billingsdk.server.costs.ReRatings.Selection;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Reads many costs, a page at a time: memory has one page. */
final class CostPages {
  private static final int PAGE = 5_000;

  private static final String COSTS =
      "SELECT "
          + CostRows.COLUMNS
          + """
          FROM cost c
          WHERE c.at >= :from AND c.at < :to
            AND (c.at, c.stream_id, c.seq) > (:at, :stream, :seq)
            AND c.service = coalesce(:service, c.service)
            AND c.model = coalesce(:model, c.model)
            AND (NOT :unknown OR c.state = 'unknown')
          ORDER BY c.at, c.stream_id, c.seq LIMIT :most
          """;

  private static final String BEFORE =
      "SELECT "
          + CostRows.COLUMNS
          + """
          FROM cost_revision c
          WHERE c.change_no = :change AND (c.stream_id, c.seq) > (:stream, :seq)
          ORDER BY c.stream_id, c.seq LIMIT :most
          """;

  private CostPages() {}

  /** The newest costs of a selection, in the order of their times. */
  static void ofCosts(Handle handle, Selection selection, Consumer<List<CostRow>> reader) {
    Instant at = selection.from();
    EventId last = new EventId(-1, -1);
    List<CostRow> page;
    do {
      page = costs(handle, selection, at, last);
      if (!page.isEmpty()) {
        reader.accept(page);
        at = page.get(page.size() - 1).at();
        last = page.get(page.size() - 1).id();
      }
    } while (page.size() == PAGE);
  }

  private static List<CostRow> costs(Handle handle, Selection selection, Instant at, EventId last) {
    return handle
        .createQuery(COSTS)
        .bind("from", selection.from())
        .bind("to", selection.to())
        .bind("at", at)
        .bind("stream", last.streamId())
        .bind("seq", last.seq())
        .bind("service", selection.service())
        .bind("model", selection.model())
        .bind("unknown", selection.isUnknownOnly())
        .bind("most", PAGE)
        .map(ResultRow.to(CostRows::read))
        .list();
  }

  /** What takes a change back, in the order of the events. */
  static void ofChange(Handle handle, long change, Consumer<List<CostChange>> reader) {
    EventId last = new EventId(-1, -1);
    List<CostRow> page;
    do {
      page =
          handle
              .createQuery(BEFORE)
              .bind("change", change)
              .bind("stream", last.streamId())
              .bind("seq", last.seq())
              .bind("most", PAGE)
              .map(ResultRow.to(CostRows::read))
              .list();
      if (!page.isEmpty()) {
        reader.accept(back(handle, page));
        last = page.get(page.size() - 1).id();
      }
    } while (page.size() == PAGE);
  }

  private static List<CostChange> back(Handle handle, List<CostRow> page) {
    Map<EventId, CostRow> now = CostStore.find(handle, page.stream().map(CostRow::id).toList());
    List<CostChange> changes = new ArrayList<>();
    for (CostRow before : page) {
      CostRow newest = now.get(before.id());
      if (newest != null) {
        CostRow after = newest.revised(newest.owner(), before.cost(), before.use().usage());
        changes.add(new CostChange(newest, after));
      }
    }
    return changes;
  }
}
