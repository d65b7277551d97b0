package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.quotas.QuotaSource.KeyName;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Says once for each quota and period that a threshold is reached, in the outbox. Also lets {@link
 * UsedUpKeys} judge the keys of protocol v1.
 *
 * <p>It looks at the quotas whose usage, leases, extensions or terms have changed since its last
 * look, and at all of them after a start. So nothing is missed, and a row of the table keeps a
 * second look from saying it again.
 */
final class QuotaNotices implements Job {
  static final String REACHED = "quota.threshold_reached";

  private static final Duration EVERY = Duration.ofSeconds(2);

  /** Transactions that began before the last look may have committed after it. */
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private static final String CHANGED =
      """
      SELECT quota_id FROM quota_counter_shard WHERE changed_at >= :since
      UNION
      SELECT quota_id FROM quota_lease WHERE holding <> 'done' AND expires_at >= :now
      UNION
      SELECT quota_id FROM quota_grant
      WHERE created_at >= :since OR (valid_until > :looked AND valid_until <= :now)
      ORDER BY 1
      """;

  private static final String NOTE =
      """
      INSERT INTO quota_notice (quota_id, period_start, threshold)
      VALUES (:quota, :start, :threshold) ON CONFLICT DO NOTHING
      """;

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;

  /** Confined to the thread of the job. */
  private Look last = Look.NONE;

  QuotaNotices(Database database, QuotaSource source, Clock clock) {
    this.database = database;
    this.source = source;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "quota-notices";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  /**
   * When a look began.
   *
   * @param stamped by the clock of the database, which stamps what has changed
   * @param moment by the clock of the server, by which extensions end
   * @param keys the version of the keys
   */
  private record Look(Instant stamped, Instant moment, long keys) {
    private static final Look NONE = new Look(Instant.EPOCH, Instant.EPOCH, 0);

    boolean isFirst() {
      return equals(NONE);
    }
  }

  /** The quotas to judge, and the keys whose terms have changed since the last look. */
  private record Changed(SortedSet<String> quotas, SortedSet<String> keys) {}

  @Override
  public void run() {
    Look look = database.read(this::begin);
    Changed changed = database.read(handle -> changed(handle, look.moment()));
    UsedUpKeys keys = new UsedUpKeys(database, source, look.moment());
    keys.begin();
    for (String each : changed.quotas()) {
      database.useTransaction(handle -> judge(handle, each, look.moment(), keys));
    }
    // Keys that are not blocked were judged with their quotas.
    keys.blocked().stream()
        .filter(each -> last.isFirst() || changed.keys().contains(each) || keys.isOver(each))
        .forEach(keys::settle);
    last = look;
  }

  private Look begin(Handle handle) {
    return new Look(
        handle.createQuery("SELECT now() AS at").map(ResultRow.to(r -> r.time("at"))).one(),
        clock.instant(),
        KeyVersions.current(handle));
  }

  private Changed changed(Handle handle, Instant now) {
    SortedSet<String> quotas =
        new TreeSet<>(
            handle
                .createQuery(CHANGED)
                .bind("since", last.isFirst() ? last.stamped() : last.stamped().minus(OVERLAP))
                .bind("looked", last.moment())
                .bind("now", now)
                .map(ResultRow.to(row -> row.text("quota_id")))
                .list());
    SortedSet<String> keys = new TreeSet<>();
    if (!last.isFirst()) {
      List<KeyName> names =
          KeyVersions.since(handle, last.keys()).stream()
              .map(each -> new KeyName(each.appId(), each.keyId()))
              .toList();
      names.forEach(each -> keys.add(each.key()));
      source.ofKeys(handle, names).values().stream()
          .flatMap(List::stream)
          .forEach(each -> quotas.add(each.id()));
    }
    return new Changed(quotas, keys);
  }

  private void judge(Handle handle, String quota, Instant now, UsedUpKeys keys) {
    QuotaRule rule = source.byId(handle, quota).orElse(null);
    if (rule == null) {
      return;
    }
    QuotaState state = QuotaState.read(handle, rule, now);
    for (Integer threshold : rule.terms().thresholds()) {
      BigDecimal reached = state.limit().multiply(BigDecimal.valueOf(threshold)).divide(HUNDRED);
      if (state.usedAndLeased().compareTo(reached) >= 0) {
        notice(handle, state, threshold);
      }
    }
    RecurringThresholds.reached(handle, state).forEach(each -> notice(handle, state, each));
    if (rule.stopsAllCalls()) {
      keys.judge(handle, state);
    }
  }

  private void notice(Handle handle, QuotaState state, int threshold) {
    boolean first =
        handle
                .createUpdate(NOTE)
                .bind("quota", state.rule().id())
                .bind("start", state.period().start())
                .bind("threshold", threshold)
                .execute()
            == 1;
    if (first) {
      Instant projected = QuotaProjection.of(state, clock.instant());
      Map<String, Object> payload = new LinkedHashMap<>();
      payload.put("quota", state.rule().id());
      payload.put("meter", state.rule().terms().meter());
      payload.put("threshold", threshold);
      payload.put("limit", state.limit().toPlainString());
      payload.put("used", state.used().toPlainString());
      payload.put("leased", state.leased().toPlainString());
      payload.put("resetsAt", state.period().end().toString());
      if (projected != null) {
        payload.put("projectedAt", projected.toString());
      }
      Outbox.add(
          handle,
          DomainEvent.of(REACHED, subject(state.rule().id()), payload, UsedUpKeys.SERVER.name()));
    }
  }

  /** The name of a quota may be as long as a subject may be. */
  private static String subject(String quota) {
    String subject = "quota/" + quota;
    return subject.length() <= 256 ? subject : subject.substring(0, 256);
  }
}
