package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.catalog.ViolationTerms;
import io.billingsdk.server.catalog.ViolationTerms.End;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyBlocks;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Does what the plan says of keys with many refused calls: once for each key, rule and window. Also
 * ends what was to end by itself.
 */
final class Violations implements Job {
  static final String HAPPENED = "quota.violated";

  private static final Actor SERVER = new Actor("server");
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** Transactions that began before the last look may have committed after it. */
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  /** Reports of the last year show refused calls. */
  private static final Duration KEPT = Duration.ofDays(400);

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;

  /** By the clock of the database. Confined to the thread of the job. */
  private Instant since = Instant.EPOCH;

  Violations(Database database, QuotaSource source, Clock clock) {
    this.database = database;
    this.source = source;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "quota-violations";
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
    for (String key : database.read(handle -> ViolationRows.changed(handle, since))) {
      database.useTransaction(handle -> judge(handle, key));
    }
    liftEnded();
    database.useTransaction(
        handle -> ViolationRows.deleteBefore(handle, clock.instant().minus(KEPT)));
    since = began.minus(OVERLAP);
  }

  private void judge(Handle handle, String key) {
    ViolationPolicy policy = source.violations(handle, key).orElse(null);
    if (policy == null) {
      return;
    }
    Instant now = clock.instant();
    for (int i = 0; i < policy.terms().size(); i++) {
      ViolationTerms terms = policy.terms().get(i);
      Instant start = policy.since(terms, now);
      long count = ViolationRows.count(handle, key, start, terms.reasons());
      if (count >= terms.after()
          && ViolationRows.note(handle, key, policy.plan(), i, start, count)) {
        act(handle, key, policy, terms, count);
      }
    }
  }

  private void act(
      Handle handle, String key, ViolationPolicy policy, ViolationTerms terms, long count) {
    Instant now = clock.instant();
    Instant until = terms.until() == End.NEXT_DAY ? policy.nextDay(now) : null;
    String reason =
        count
            + " refused calls in "
            + (terms.per() == ViolationTerms.Window.HOUR ? "an hour" : "a day");
    KeyAdmin keys = new KeyAdmin(database.within(handle), null, SERVER);
    KeySanctions sanctions = new KeySanctions(handle, keys, now);
    RateTerms rate = terms.rate();
    if (terms.then() == ViolationTerms.Action.BLOCK) {
      until = sanctions.block(key, reason, until);
    } else if (rate != null) {
      until = sanctions.lower(key, new Rate(rate.perSecond(), rate.burst()), reason, until);
    }
    Outbox.add(handle, event(key, policy, terms, count, until));
  }

  private static DomainEvent event(
      String key,
      ViolationPolicy policy,
      ViolationTerms terms,
      long count,
      @Nullable Instant until) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("keyId", key);
    payload.put("appId", policy.app());
    payload.put("customerId", policy.customer());
    payload.put("plan", policy.plan());
    payload.put("refusals", count);
    payload.put("per", terms.per().name().toLowerCase(Locale.ROOT));
    payload.put("then", terms.then().name().toLowerCase(Locale.ROOT));
    payload.put("until", until == null ? null : until.toString());
    return DomainEvent.of(HAPPENED, "key/" + key, payload, SERVER.name());
  }

  private void liftEnded() {
    Instant now = clock.instant();
    KeyAdmin keys = new KeyAdmin(database, null, SERVER);
    List<String> blocked =
        database.read(handle -> KeyBlocks.ended(handle, BlockCause.VIOLATION, now));
    // The block alone: a lower rate has an end of its own.
    blocked.forEach(each -> keys.liftBlock(each, BlockCause.VIOLATION));
    database
        .read(handle -> KeyVersions.loweredUntil(handle, now))
        .forEach(each -> keys.restoreRate(each));
  }
}
