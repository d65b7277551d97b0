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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Blocks the keys of a customer whose spend cap is used up, until the period ends or the cap is
 * extended: services cannot enforce it, since they know no prices.
 */
final class SpendStops implements Job {
  private static final Actor SERVER = new Actor("server");
  private static final Duration EVERY = Duration.ofSeconds(2);

  private static final String NAME = "spend-stops";
  private static final String PREFIX = "spend/";

  private static final String CHANGED =
      """
      SELECT DISTINCT quota_id FROM quota_counter_shard
      WHERE changed_at >= :since AND quota_id LIKE 'customer/%/amount'
      """;

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;

  private final ChangeLook look;

  SpendStops(Database database, QuotaSource source, Clock clock) {
    this.database = database;
    this.source = source;
    this.clock = clock;
    this.look = new ChangeLook(database, NAME);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  /** How many spend caps could not be judged at the last look. */
  int failing() {
    return look.failing();
  }

  @Override
  public void run() {
    Map<String, CustomerBlock> standing = new HashMap<>();
    for (CustomerBlock each : new CustomerBlocks(database, SERVER).named(PREFIX)) {
      standing.put(each.name().substring(PREFIX.length()), each);
    }
    look.run(
        (handle, since) -> {
          // Those that stand too: an extension, or another plan, changes no counter.
          Set<String> quotas = new HashSet<>(standing.keySet());
          quotas.addAll(changed(handle, since));
          return quotas;
        },
        quotas -> judge(quotas, standing));
  }

  private static List<String> changed(Handle handle, Instant since) {
    return handle
        .createQuery(CHANGED)
        .bind("since", since)
        .map(ResultRow.to(row -> row.text("quota_id")))
        .list();
  }

  /** Reads how all of them stand, and changes what is not so already. */
  private void judge(List<String> quotas, Map<String, CustomerBlock> standing) {
    Map<String, CustomerBlock> due = new HashMap<>();
    for (QuotaState each : database.read(handle -> states(handle, quotas))) {
      block(each).ifPresent(block -> due.put(each.rule().id(), block));
    }
    CustomerBlocks blocks = new CustomerBlocks(database, SERVER);
    for (String each : quotas) {
      CustomerBlock block = due.get(each);
      if (block != null && !block.equals(standing.get(each))) {
        blocks.stand(block);
      } else if (block == null && standing.containsKey(each)) {
        blocks.lift(CustomerQuotaId.customer(each), PREFIX + each);
      }
    }
  }

  private List<QuotaState> states(Handle handle, List<String> quotas) {
    return QuotaState.read(handle, source.byIds(handle, quotas).values(), clock.instant());
  }

  /** Empty while something is left. */
  private static Optional<CustomerBlock> block(QuotaState state) {
    QuotaRule rule = state.rule();
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
            state.period().end()));
  }
}
