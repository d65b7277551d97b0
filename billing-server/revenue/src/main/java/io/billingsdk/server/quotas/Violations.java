package io.billingsdk.server.quotas;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.catalog.ViolationTerms;
import io.billingsdk.server.catalog.ViolationTerms.End;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyBlocks;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.quotas.ViolationRows.RefusalWindow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Does what the plan says of keys with many refused calls: once for each key, rule and window. Also
 * ends what was to end by itself.
 */
final class Violations implements Job {
  static final String HAPPENED = "quota.violated";

  private static final String NAME = "quota-violations";
  private static final Actor SERVER = new Actor("server");
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** Reports of the last year show refused calls. */
  private static final Duration KEPT = Duration.ofDays(400);

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;

  private final ChangeLook look;
  private final OneByOne blocked = new OneByOne(NAME);
  private final OneByOne lowered = new OneByOne(NAME);

  Violations(Database database, QuotaSource source, Clock clock) {
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

  /** How many keys could not be judged at the last look. */
  int failing() {
    return look.failing() + blocked.failing().size() + lowered.failing().size();
  }

  @Override
  public void run() {
    look.run(ViolationRows::changed, this::judge);
    liftEnded();
    database.useTransaction(
        handle -> ViolationRows.deleteBefore(handle, clock.instant().minus(KEPT)));
  }

  /** Counts for all keys, and then acts on each key that has too many. */
  private void judge(List<String> keys) {
    Map<String, ViolationPolicy> policies =
        database.read(handle -> source.violations(handle, keys));
    List<RefusalWindow> windows = windows(policies, clock.instant());
    if (windows.isEmpty()) {
      return;
    }
    Map<Integer, Long> counts = database.read(handle -> ViolationRows.counts(handle, windows));
    for (int i = 0; i < windows.size(); i++) {
      RefusalWindow window = windows.get(i);
      ViolationPolicy policy = policies.get(window.key());
      long count = counts.getOrDefault(i, 0L);
      if (policy != null && count >= policy.terms().get(window.rule()).after()) {
        database.useTransaction(handle -> act(handle, window, policy, count));
      }
    }
  }

  private static List<RefusalWindow> windows(Map<String, ViolationPolicy> policies, Instant now) {
    List<RefusalWindow> windows = new ArrayList<>();
    new TreeMap<>(policies)
        .forEach(
            (key, policy) -> {
              for (int i = 0; i < policy.terms().size(); i++) {
                ViolationTerms terms = policy.terms().get(i);
                Instant start = policy.since(terms, now);
                windows.add(new RefusalWindow(key, policy.plan(), i, start, terms.reasons()));
              }
            });
    return windows;
  }

  private void act(Handle handle, RefusalWindow window, ViolationPolicy policy, long count) {
    if (ViolationRows.note(handle, window, count)) {
      act(handle, window.key(), policy, policy.terms().get(window.rule()), count);
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
    this.blocked.each(blocked, each -> keys.liftBlock(each, BlockCause.VIOLATION));
    lowered.each(database.read(handle -> KeyVersions.loweredUntil(handle, now)), keys::restoreRate);
  }
}
