package io.billingsdk.server.costs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.costs.ChangeSummary.Summed;
import io.billingsdk.server.costs.ReRatings.ListedChange;
import io.billingsdk.server.costs.ReRatings.NewChange;
import io.billingsdk.server.db.ResultRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The acts that made costs otherwise. */
final class ChangeRows {
  private static final String ADD =
      """
      INSERT INTO cost_change (kind, undoes, reason, selection, fingerprint, catalogue, changed,
        unchanged, differences, actor)
      VALUES (:kind, :undoes, :reason, :selection::jsonb, :fingerprint, :catalogue, :changed,
        :unchanged, :differences::jsonb, :actor)
      RETURNING change_no
      """;

  private static final String LIST =
      """
      SELECT c.change_no, c.kind, c.undoes, u.change_no AS undone_by, c.reason,
        c.selection::text AS selection, c.catalogue, c.changed, c.unchanged,
        c.differences::text AS differences, c.actor, c.made_at
      FROM cost_change c LEFT JOIN cost_change u ON u.undoes = c.change_no
      WHERE c.change_no < :below AND c.change_no >= :least
      ORDER BY c.change_no DESC LIMIT :most
      """;

  private static final String SINCE =
      """
      SELECT count(*) AS since FROM cost_revision r
      JOIN cost c ON c.at = r.at AND c.stream_id = r.stream_id AND c.seq = r.seq
      WHERE r.change_no = :change AND c.revision <> r.revision + 1
      """;

  private ChangeRows() {}

  static long add(Handle handle, NewChange change, Actor actor) {
    Summed summed = change.summed();
    return handle
        .createQuery(ADD)
        .bind("kind", change.kind())
        .bind("undoes", change.undoes())
        .bind("reason", change.reason())
        .bind("selection", json(change.selection()))
        .bind("fingerprint", summed.fingerprint())
        .bind("catalogue", change.catalogue())
        .bind("changed", summed.changed())
        .bind("unchanged", summed.unchanged())
        .bind("differences", json(summed.differences()))
        .bind("actor", actor.name())
        .map(ResultRow.to(row -> row.number("change_no")))
        .one();
  }

  private static String json(Map<String, ?> texts) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    texts.forEach((name, value) -> node.put(name, text(value)));
    return node.toString();
  }

  private static String text(@Nullable Object value) {
    return value instanceof BigDecimal amount ? amount.toPlainString() : String.valueOf(value);
  }

  static ListedChange require(Handle handle, long number) {
    return list(handle, number, number + 1, 1).stream()
        .findFirst()
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "id", "there is no change of costs with the number " + number));
  }

  static List<ListedChange> list(Handle handle, @Nullable Long below, int most) {
    return list(handle, 0, below == null ? Long.MAX_VALUE : below, most);
  }

  private static List<ListedChange> list(Handle handle, long least, long below, int most) {
    return handle
        .createQuery(LIST)
        .bind("least", least)
        .bind("below", below)
        .bind("most", most)
        .map(ResultRow.to(ChangeRows::listed))
        .list();
  }

  private static ListedChange listed(ResultRow row) {
    return new ListedChange(
        row.number("change_no"),
        row.text("kind"),
        row.numberOrNull("undoes"),
        row.numberOrNull("undone_by"),
        row.text("reason"),
        row.text("selection"),
        row.text("catalogue"),
        row.number("changed"),
        row.number("unchanged"),
        row.text("differences"),
        row.text("actor"),
        row.time("made_at"));
  }

  /** How many costs of a change have another revision since. */
  static long changedSince(Handle handle, long change) {
    return handle
        .createQuery(SINCE)
        .bind("change", change)
        .map(ResultRow.to(row -> row.number("since")))
        .one();
  }
}
