package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.NullArgument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The statements of leases, each in the transaction of its caller, which has locked the quota. */
final class LeaseRows {
  private static final String NEW_QUOTAS =
      """
      INSERT INTO quota (quota_id) SELECT quota_id FROM unnest(:quotas) AS q (quota_id)
      ORDER BY 1 ON CONFLICT DO NOTHING
      """;

  /** In one order: two callers would otherwise wait for each other. */
  private static final String LOCK_QUOTAS =
      "SELECT quota_id FROM quota WHERE quota_id = ANY (:quotas) ORDER BY quota_id FOR UPDATE";

  private static final String COLUMNS =
      "lease_no, ledger, quota_id, period_start, period_end, instance, stream, hard, granted,"
          + " settled, returned, last_request, expires_at, holding";

  /** In the order in which the intake locks them. */
  private static final String LOCK_LEASES =
      "SELECT "
          + COLUMNS
          + """
           FROM quota_lease
          WHERE quota_id = :quota AND period_start = :start AND holding <> 'done'
            AND ((instance = :instance AND stream = :stream AND holding = 'open')
              OR (NOT hard AND expires_at < :expired))
          ORDER BY lease_no FOR UPDATE
          """;

  /** As {@link #end} with {@link LeaseRow#loss}; locked in the order of the numbers too. */
  private static final String END_EXPIRED =
      """
      WITH expired AS (
        SELECT lease_no FROM quota_lease
        JOIN unnest(:quotas, :starts) AS q (quota_id, period_start) USING (quota_id, period_start)
        WHERE holding <> 'done' AND NOT hard AND expires_at < :expired
        ORDER BY lease_no FOR UPDATE OF quota_lease
      )
      UPDATE quota_lease l SET holding = 'done', returned = l.granted - l.settled,
        lost = l.lost
          + CASE WHEN l.holding = 'closed' THEN l.granted - l.settled - l.returned ELSE 0 END
      FROM expired e WHERE l.lease_no = e.lease_no
      """;

  private static final String LOCK_ONE =
      "SELECT " + COLUMNS + " FROM quota_lease WHERE lease_no = :lease FOR UPDATE";

  /**
   * One statement: what moves from leased to settled meanwhile is in one of them, and in one alone.
   * A soft lease that has expired holds nothing: who grants from the sums ends it first.
   */
  private static final String SUMS =
      """
      SELECT w.quota_id, c.settled, c.beyond, l.leased, l.holders, l.expired, g.extended
      FROM unnest(:quotas, :starts) AS w (quota_id, period_start)
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(settled), 0) AS settled, coalesce(sum(beyond), 0) AS beyond
        FROM quota_counter_shard
        WHERE quota_id = w.quota_id AND period_start = w.period_start) AS c
      CROSS JOIN LATERAL (
        SELECT
          coalesce(sum(granted - settled - returned) FILTER (WHERE hard OR expires_at >= :expired),
            0) AS leased,
          count(*) FILTER (WHERE holding = 'open' AND expires_at >= :now AND instance IS NOT NULL)
            AS holders,
          count(*) FILTER (WHERE NOT hard AND expires_at < :expired) AS expired
        FROM quota_lease
        WHERE quota_id = w.quota_id AND period_start = w.period_start AND holding <> 'done') AS l
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS extended FROM quota_grant
        WHERE quota_id = w.quota_id AND valid_from <= :now AND valid_until > :now) AS g
      """;

  private static final String INSERT =
      """
      INSERT INTO quota_lease (ledger, quota_id, period_start, period_end, instance, stream, hard,
        granted, last_request, expires_at)
      VALUES (:ledger, :quota, :start, :end, :instance, :stream, :hard, :granted, :request, :expires)
      RETURNING lease_no
      """;

  /** They are not hard: nothing but its end gives a reservation back. */
  private static final String RESERVE =
      """
      INSERT INTO quota_lease (ledger, quota_id, period_start, period_end, hard, granted, expires_at)
      SELECT :ledger, quota_id, period_start, period_end, false, :granted, :expires
      FROM unnest(:quotas, :starts, :ends) AS q (quota_id, period_start, period_end)
      ORDER BY 2
      RETURNING quota_id, lease_no
      """;

  private static final String GROW =
      """
      UPDATE quota_lease SET granted = granted + :more, last_request = :request,
        expires_at = :expires, hard = :hard, period_end = :end
      WHERE lease_no = :lease
      """;

  private static final String GIVE_BACK =
      """
      UPDATE quota_lease SET returned = returned + :back, lost = lost + :lost, holding = :holding
      WHERE lease_no = :lease
      """;

  private LeaseRows() {}

  /**
   * A lease as it is stored.
   *
   * @param instance null of a reservation over HTTP
   */
  record LeaseRow(
      long number,
      UUID ledger,
      String quota,
      QuotaPeriod period,
      @Nullable String instance,
      @Nullable UUID stream,
      boolean isHard,
      BigDecimal granted,
      BigDecimal settled,
      BigDecimal returned,
      long lastRequest,
      Instant expiresAt,
      Holding holding) {

    /** What of it is debited. */
    BigDecimal debit() {
      return granted.subtract(settled).subtract(returned);
    }

    /**
     * The loss, if it ends with nothing of it on its way: all that is left of a closed one was
     * spent. Of an open one nobody knows what was.
     */
    BigDecimal loss() {
      return holding == Holding.CLOSED ? debit() : BigDecimal.ZERO;
    }

    Epoch epoch() {
      return Epoch.of(ledger, number);
    }
  }

  /**
   * How a quota stands in a period.
   *
   * @param beyond what of {@code settled} no lease covered
   * @param expired how many soft leases have expired, and are not ended yet
   * @param extended the sum of grants in addition to its limit
   */
  record Sums(
      BigDecimal settled,
      BigDecimal beyond,
      BigDecimal leased,
      int holders,
      int expired,
      BigDecimal extended) {

    BigDecimal used() {
      return settled.add(leased);
    }
  }

  /** From now on nobody else grants of these quotas, until the transaction ends. */
  static void lockQuotas(Handle handle, Collection<String> quotas) {
    if (tryLock(handle, quotas) < quotas.size()) {
      handle.createUpdate(NEW_QUOTAS).bind("quotas", SqlArrays.texts(quotas)).execute();
      var unused = tryLock(handle, quotas);
    }
  }

  private static int tryLock(Handle handle, Collection<String> quotas) {
    return handle
        .createQuery(LOCK_QUOTAS)
        .bind("quotas", SqlArrays.texts(quotas))
        .map(ResultRow.to(row -> row.text("quota_id")))
        .list()
        .size();
  }

  /** The open lease of a holder, and those that have expired and need not be waited for. */
  static List<LeaseRow> lockLeases(
      Handle handle,
      String quota,
      Instant start,
      @Nullable String instance,
      @Nullable UUID stream,
      Instant expired) {
    return handle
        .createQuery(LOCK_LEASES)
        .bind("quota", quota)
        .bind("start", start)
        .bind("instance", instance)
        .bind("stream", stream == null ? new NullArgument(Types.OTHER) : stream)
        .bind("expired", expired)
        .map(ResultRow.to(LeaseRows::lease))
        .list();
  }

  /**
   * Ends what nobody spends from any longer, of several quotas at once. The caller has locked them.
   *
   * @param periods of each quota
   */
  static void endExpired(Handle handle, Map<String, QuotaPeriod> periods, Instant expired) {
    bind(handle.createUpdate(END_EXPIRED), periods).bind("expired", expired).execute();
  }

  static Optional<LeaseRow> lock(Handle handle, long lease) {
    return handle
        .createQuery(LOCK_ONE)
        .bind("lease", lease)
        .map(ResultRow.to(LeaseRows::lease))
        .findFirst();
  }

  /** How quotas stand, each in its period, by their ids. */
  static Map<String, Sums> sums(Handle handle, Map<String, QuotaPeriod> periods, Instant now) {
    return periods.isEmpty()
        ? Map.of()
        : bind(handle.createQuery(SUMS), periods)
            .bind("now", now)
            .bind("expired", now.minus(Leases.GRACE))
            .map(ResultRow.to(row -> Map.entry(row.text("quota_id"), sums(row))))
            .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  private static Sums sums(ResultRow row) {
    return new Sums(
        row.decimal("settled"),
        row.decimal("beyond"),
        row.decimal("leased"),
        (int) row.number("holders"),
        (int) row.number("expired"),
        row.decimal("extended"));
  }

  private static <T extends SqlStatement<T>> T bind(T statement, Map<String, QuotaPeriod> periods) {
    return statement
        .bind("quotas", SqlArrays.texts(periods.keySet()))
        .bind(
            "starts", SqlArrays.times(periods.values().stream().map(QuotaPeriod::start).toList()));
  }

  /** Adds a lease of an amount to each quota, for calls over HTTP; gives their numbers by quota. */
  static Map<String, Long> reserve(
      Handle handle,
      UUID ledger,
      Map<String, QuotaPeriod> periods,
      BigDecimal amount,
      Instant expires) {
    return bind(handle.createQuery(RESERVE), periods)
        .bind("ledger", ledger)
        .bind("ends", SqlArrays.times(periods.values().stream().map(QuotaPeriod::end).toList()))
        .bind("granted", amount)
        .bind("expires", expires)
        .map(ResultRow.to(row -> Map.entry(row.text("quota_id"), row.number("lease_no"))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  /** Adds a lease, and gives its number. */
  static long insert(Handle handle, LeaseRow lease) {
    UUID stream = lease.stream();
    return handle
        .createQuery(INSERT)
        .bind("ledger", lease.ledger())
        .bind("quota", lease.quota())
        .bind("start", lease.period().start())
        .bind("end", lease.period().end())
        .bind("instance", lease.instance())
        .bind("stream", stream == null ? new NullArgument(Types.OTHER) : stream)
        .bind("hard", lease.isHard())
        .bind("granted", lease.granted())
        .bind("request", lease.lastRequest())
        .bind("expires", lease.expiresAt())
        .map(ResultRow.to(row -> row.number("lease_no")))
        .one();
  }

  /** Its holder is granted more, or for longer. */
  static void grow(Handle handle, LeaseRow grown, BigDecimal more) {
    handle
        .createUpdate(GROW)
        .bind("lease", grown.number())
        .bind("more", more)
        .bind("request", grown.lastRequest())
        .bind("expires", grown.expiresAt())
        .bind("hard", grown.isHard())
        .bind("end", grown.period().end())
        .execute();
  }

  /** The unspent rest of the lease goes back: the holder spends no more. */
  static void close(Handle handle, LeaseRow lease, BigDecimal unspent) {
    giveBack(handle, lease, unspent, BigDecimal.ZERO, Holding.CLOSED);
  }

  /** All that is not settled goes back: what of it was spent is lost. */
  static void end(Handle handle, LeaseRow lease, BigDecimal lost) {
    giveBack(handle, lease, lease.debit(), lost, Holding.DONE);
  }

  private static void giveBack(
      Handle handle, LeaseRow lease, BigDecimal back, BigDecimal lost, Holding holding) {
    handle
        .createUpdate(GIVE_BACK)
        .bind("lease", lease.number())
        .bind("back", back)
        .bind("lost", lost)
        .bind("holding", holding.name().toLowerCase(Locale.ROOT))
        .execute();
  }

  static LeaseRow lease(ResultRow row) {
    return new LeaseRow(
        row.number("lease_no"),
        row.uuid("ledger"),
        row.text("quota_id"),
        new QuotaPeriod(row.time("period_start"), row.time("period_end")),
        row.textOrNull("instance"),
        row.uuidOrNull("stream"),
        row.flag("hard"),
        row.decimal("granted"),
        row.decimal("settled"),
        row.decimal("returned"),
        row.number("last_request"),
        row.time("expires_at"),
        Holding.valueOf(row.text("holding").toUpperCase(Locale.ROOT)));
  }
}
