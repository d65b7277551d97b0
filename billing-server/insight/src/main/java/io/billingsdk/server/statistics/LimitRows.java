package io.billingsdk.server.statistics;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.statistics.UsageProfile.LimitSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** How much of limits is used, with uses that are admitted and not counted yet. */
final class LimitRows {
  // One statement, and so one moment: the transaction that counts an event removes its reservation,
  // and a look at the one after the other would miss it.
  private static final String USED =
      """
      SELECT l.name,
        (SELECT coalesce(sum(t.amount), 0) FROM statistics_total t
          WHERE l.daily = 0 AND t.person = ANY(:people::uuid[]) AND t.profile = :profile
            AND t.counter = l.counter)
        + (SELECT coalesce(sum(q.amount), 0) FROM statistics_quarter q
          WHERE l.daily = 1 AND q.person = ANY(:people::uuid[]) AND q.profile = :profile
            AND q.starts >= :day AND q.starts < :next AND q.counter = l.counter)
        + (SELECT coalesce(sum(r.amount), 0) FROM statistics_reservation r
          WHERE r.person = ANY(:people::uuid[]) AND r.profile = :profile AND r.counter = l.counter
            AND r.expires_at > :now AND r.record_id <> :record
            AND (l.daily = 0 OR r.at >= :day)) AS used
      FROM unnest(:names::text[], :counters::text[], :daily::bigint[]) AS l (name, counter, daily)
      """;

  private static final String RESERVE =
      """
      INSERT INTO statistics_reservation (record_id, counter, person, profile, at, amount,
        expires_at)
      SELECT :record, d.counter, :person, :profile, :at, d.amount, :expires
      FROM unnest(:counters::text[], :amounts::numeric[]) AS d (counter, amount)
      ON CONFLICT (record_id, counter) DO NOTHING
      """;

  private static final String RELEASE =
      "DELETE FROM statistics_reservation WHERE record_id = ANY(:records)";

  private static final String CLEAR = "DELETE FROM statistics_reservation WHERE expires_at <= :now";

  private LimitRows() {}

  /** Now, and the local day that it is in. */
  record Moment(LocalDays.Range today, Instant now) {}

  /**
   * How much is used of each limit, by its name.
   *
   * @param day for limits of a day
   * @param record whose own room is left out: a use that is sent again stands in its own way else
   */
  static Map<String, BigDecimal> used(
      Handle handle,
      Collection<UUID> people,
      UsageProfile profile,
      List<LimitSpec> limits,
      Moment day,
      String record) {
    Map<String, BigDecimal> used = new HashMap<>();
    handle
        .createQuery(USED)
        .bind("people", PersonRows.ids(people))
        .bind("profile", profile.name())
        .bind("day", day.today().from())
        .bind("next", day.today().to())
        .bind("now", day.now())
        .bind("record", record)
        .bind("names", SqlArrays.texts(limits.stream().map(LimitSpec::name).toList()))
        .bind("counters", SqlArrays.texts(limits.stream().map(LimitSpec::counter).toList()))
        .bind(
            "daily",
            SqlArrays.numbers(limits.stream().map(each -> each.daily() ? 1L : 0L).toList()))
        .map(ResultRow.to(row -> Map.entry(row.text("name"), row.decimal("used"))))
        .list()
        .forEach(each -> used.put(each.getKey(), each.getValue()));
    return used;
  }

  /**
   * What one record will add.
   *
   * @param at its time, which is that of the event too
   */
  record Reservation(String record, UUID person, String profile, Instant at, Instant expires) {}

  /** Keeps room for an event that is admitted. */
  static void reserve(Handle handle, Reservation reserved, Map<String, BigDecimal> amounts) {
    List<String> counters = amounts.keySet().stream().sorted().toList();
    handle
        .createUpdate(RESERVE)
        .bind("record", reserved.record())
        .bind("person", reserved.person())
        .bind("profile", reserved.profile())
        .bind("at", reserved.at())
        .bind("expires", reserved.expires())
        .bind("counters", SqlArrays.texts(counters))
        .bind(
            "amounts",
            SqlArrays.decimals(
                counters.stream()
                    .map(each -> amounts.getOrDefault(each, BigDecimal.ZERO))
                    .toList()))
        .execute();
  }

  /** Gives room back: the events are counted, or will never be. */
  static void release(Handle handle, Collection<String> records) {
    handle
        .createUpdate(RELEASE)
        .bind("records", SqlArrays.texts(records.stream().sorted().toList()))
        .execute();
  }

  /** Gives the room of events back that have not come. */
  static void clear(Handle handle, Instant now) {
    handle.createUpdate(CLEAR).bind("now", now).execute();
  }
}
