package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.entitlements.CustomerBlocks;
import io.billingsdk.server.entitlements.CustomerBlocks.CustomerBlock;
import io.billingsdk.server.entitlements.CustomerQuotaId;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.quotas.QuotaMeasure.BySpending;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Blocks the keys of a customer whose spend cap is used up, until the period ends or the cap is
 * extended: services cannot enforce it, since they know no prices.
 */
final class SpendStops implements Job {
  private static final Actor SERVER = new Actor("server");
  private static final Duration EVERY = Duration.ofSeconds(2);

  /** Transactions that began before the last look may have committed after it. */
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  private static final String PREFIX = "spend/";

  private static final String CHANGED =
      """
      SELECT DISTINCT quota_id FROM quota_counter_shard
      WHERE changed_at >= :since AND quota_id LIKE 'customer/%/amount'
      """;

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;

  /** Confined to the thread of the job. */
  private Instant since = Instant.EPOCH;

  SpendStops(Database database, QuotaSource source, Clock clock) {
    this.database = database;
    this.source = source;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "spend-stops";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Instant began =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT now() AS at")
                    .map(ResultRow.to(row -> row.time("at")))
                    .one());
    Set<String> quotas = new TreeSet<>();
    quotas.addAll(
        database.read(
            handle ->
                handle
                    .createQuery(CHANGED)
                    .bind("since", since)
                    .map(ResultRow.to(row -> row.text("quota_id")))
                    .list()));
    // Those that stand too: an extension, or another plan, changes no counter.
    for (CustomerBlock each : new CustomerBlocks(database, SERVER).named(PREFIX)) {
      quotas.add(each.name().substring(PREFIX.length()));
    }
    quotas.forEach(each -> database.useTransaction(handle -> judge(handle, each)));
    since = began.minus(OVERLAP);
  }

  private void judge(Handle handle, String quota) {
    Optional<CustomerBlock> block =
        source.byId(handle, quota).flatMap(rule -> block(handle, rule, clock.instant()));
    CustomerBlocks blocks = new CustomerBlocks(database.within(handle), SERVER);
    block.ifPresentOrElse(
        blocks::stand, () -> blocks.lift(CustomerQuotaId.customer(quota), PREFIX + quota));
  }

  /** Empty while something is left. */
  private static Optional<CustomerBlock> block(Handle handle, QuotaRule rule, Instant now) {
    QuotaPeriod period = rule.period(now);
    QuotaState state =
        QuotaState.of(rule, period, LeaseRows.sums(handle, rule.id(), period.start(), now));
    BigDecimal most = rule.capacity(state.extended());
    if (most == null
        || !(rule.measure() instanceof BySpending spending)
        || state.used().compareTo(most) < 0) {
      return Optional.empty();
    }
    String reason =
        "the spend cap of "
            + QuotaViews.plain(most).toPlainString()
            + " "
            + spending.subscription().currency()
            + " is used up";
    return Optional.of(
        new CustomerBlock(
            CustomerQuotaId.customer(rule.id()),
            PREFIX + rule.id(),
            BlockCause.PLAN,
            reason,
            period.end()));
  }
}
