package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.QuotaTerms;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyBlocks;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Says once for each quota and period that a threshold is reached, in the outbox. Also blocks the
 * keys of a used-up quota in the feed of protocol v1, until the quota begins again.
 *
 * <p>It looks at the quotas that have changed since its last look, and at all of them after a
 * start. So nothing is missed, and a row of the table keeps a second look from saying it again.
 */
final class QuotaNotices implements Job {
  static final String REACHED = "quota.threshold_reached";

  private static final Actor SERVER = new Actor("server");
  private static final Duration EVERY = Duration.ofSeconds(2);

  /** Transactions that began before the last look may have committed after it. */
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private static final String CHANGED =
      """
      SELECT quota_id, period_start FROM quota_counter_shard WHERE changed_at >= :since
      UNION
      SELECT quota_id, period_start FROM quota_lease WHERE holding <> 'done' AND expires_at >= :now
      ORDER BY 1, 2
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
  private Instant since = Instant.EPOCH;

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

  private record Changed(String quota, Instant periodStart) {}

  @Override
  public void run() {
    // By the clock of the database, which stamps what has changed.
    Instant began =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT now() AS at")
                    .map(ResultRow.to(r -> r.time("at")))
                    .one());
    List<Changed> changed =
        database.read(
            handle ->
                handle
                    .createQuery(CHANGED)
                    .bind("since", since)
                    .bind("now", clock.instant())
                    .map(
                        ResultRow.to(
                            row -> new Changed(row.text("quota_id"), row.time("period_start"))))
                    .list());
    for (Changed each : changed) {
      database.useTransaction(handle -> judge(handle, each));
    }
    liftEnded();
    since = began.minus(OVERLAP);
  }

  private void judge(Handle handle, Changed changed) {
    Instant now = clock.instant();
    QuotaRule rule = source.byId(handle, changed.quota()).orElse(null);
    if (rule == null) {
      return;
    }
    QuotaPeriod period = rule.period(now);
    if (!period.start().equals(changed.periodStart())) {
      return;
    }
    QuotaState state =
        QuotaState.of(rule, period, LeaseRows.sums(handle, rule.id(), period.start(), now));
    for (Integer threshold : rule.terms().thresholds()) {
      BigDecimal reached = state.limit().multiply(BigDecimal.valueOf(threshold)).divide(HUNDRED);
      if (state.usedAndLeased().compareTo(reached) >= 0) {
        notice(handle, state, threshold);
      }
    }
    if (rule.isHard() && state.used().compareTo(state.limit()) >= 0) {
      block(handle, state);
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
          handle, DomainEvent.of(REACHED, subject(state.rule().id()), payload, SERVER.name()));
    }
  }

  /** The name of a quota may be as long as a subject may be. */
  private static String subject(String quota) {
    String subject = "quota/" + quota;
    return subject.length() <= 256 ? subject : subject.substring(0, 256);
  }

  /** Services of protocol v1 know no other way. */
  private void block(Handle handle, QuotaState state) {
    QuotaTerms terms = state.rule().terms();
    for (String each : source.keysOf(handle, state.rule().id())) {
      boolean stands =
          KeyBlocks.of(handle, List.of(each)).getOrDefault(each, List.of()).stream()
              .anyMatch(block -> block.cause() == BlockCause.QUOTA);
      if (!stands) {
        new KeyAdmin(database.within(handle), null, SERVER)
            .block(
                each,
                BlockCause.QUOTA,
                "the quota of " + terms.meter() + " is used up",
                state.period().end());
      }
    }
  }

  private void liftEnded() {
    for (String each :
        database.read(handle -> KeyBlocks.ended(handle, BlockCause.QUOTA, clock.instant()))) {
      new KeyAdmin(database, null, SERVER).lift(each, BlockCause.QUOTA);
    }
  }
}
