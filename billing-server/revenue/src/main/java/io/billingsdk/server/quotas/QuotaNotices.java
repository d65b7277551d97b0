package io.billingsdk.server.quotas;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.keys.KeyVersions;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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

  private static final String NAME = "quota-notices";
  private static final Duration EVERY = Duration.ofSeconds(2);

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

  /** Gives those that were not noted before. */
  private static final String NOTE =
      """
      INSERT INTO quota_notice (quota_id, period_start, threshold)
      SELECT quota_id, period_start, threshold FROM unnest(:quotas, :starts, :thresholds)
        AS n (quota_id, period_start, threshold)
      ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
      RETURNING quota_id, threshold::bigint AS threshold
      """;

  private final Database database;
  private final QuotaSource source;
  private final Clock clock;

  private final ChangeLook look;
  private final OneByOne blocked = new OneByOne(NAME);

  /** Confined to the thread of the job. */
  private Terms last = Terms.NONE;

  QuotaNotices(Database database, QuotaSource source, Clock clock) {
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

  /**
   * What a look goes by beside what has changed.
   *
   * @param moment by the clock of the server, by which extensions end
   * @param version of the keys
   */
  private record Terms(Instant moment, long version) {
    private static final Terms NONE = new Terms(Instant.EPOCH, 0);
  }

  /** How many quotas and keys could not be judged at the last look. */
  int failing() {
    return look.failing() + blocked.failing().size();
  }

  @Override
  public void run() {
    Terms now = new Terms(clock.instant(), database.read(KeyVersions::current));
    Set<String> changed = changedKeys();
    UsedUpKeys keys = new UsedUpKeys(database, source, now.moment());
    keys.begin();
    look.run(
        (handle, since) -> quotas(handle, since, now.moment(), changed),
        quotas -> judge(quotas, now.moment(), keys));
    // Keys that are not blocked were judged with their quotas.
    Set<String> again = blocked.failing();
    blocked.each(
        keys.blocked().stream()
            .filter(
                each ->
                    last.equals(Terms.NONE)
                        || changed.contains(each)
                        || again.contains(each)
                        || keys.isOver(each))
            .toList(),
        keys::settle);
    last = now;
  }

  /** The keys whose terms have changed since the last look; none at the first, which sees all. */
  private Set<String> changedKeys() {
    return last.equals(Terms.NONE)
        ? Set.of()
        : Set.copyOf(database.read(handle -> KeyVersions.changedSince(handle, last.version())));
  }

  private Set<String> quotas(Handle handle, Instant since, Instant now, Set<String> changed) {
    Set<String> quotas =
        new HashSet<>(
            handle
                .createQuery(CHANGED)
                .bind("since", since)
                .bind("looked", last.moment())
                .bind("now", now)
                .map(ResultRow.to(row -> row.text("quota_id")))
                .list());
    if (!changed.isEmpty()) {
      source
          .ofKeys(handle, changed)
          .values()
          .forEach(terms -> terms.rules().forEach(each -> quotas.add(each.id())));
    }
    return quotas;
  }

  private void judge(List<String> quotas, Instant now, UsedUpKeys keys) {
    List<QuotaState> states =
        database.inTransaction(
            handle -> {
              List<QuotaState> read =
                  QuotaState.read(handle, source.byIds(handle, quotas).values(), now);
              notice(handle, read);
              return read;
            });
    keys.judge(states.stream().filter(each -> each.rule().stopsAllCalls()).toList());
  }

  private void notice(Handle handle, List<QuotaState> states) {
    List<Reached> reached = states.stream().flatMap(each -> reached(handle, each)).toList();
    if (reached.isEmpty()) {
      return;
    }
    Set<NoticeKey> first = note(handle, reached);
    reached.stream()
        .filter(each -> first.contains(each.key()))
        .forEach(each -> tell(handle, each.state(), each.threshold()));
  }

  /** A threshold that a quota has reached. */
  private record Reached(QuotaState state, int threshold) {
    NoticeKey key() {
      return new NoticeKey(state.rule().id(), threshold);
    }
  }

  private record NoticeKey(String quota, long threshold) {}

  private static Stream<Reached> reached(Handle handle, QuotaState state) {
    return Stream.concat(thresholds(state), RecurringThresholds.reached(handle, state).stream())
        .map(threshold -> new Reached(state, threshold));
  }

  private static Stream<Integer> thresholds(QuotaState state) {
    return state.rule().terms().thresholds().stream()
        .filter(
            threshold ->
                state
                        .usedAndLeased()
                        .compareTo(
                            state.limit().multiply(BigDecimal.valueOf(threshold)).divide(HUNDRED))
                    >= 0);
  }

  private static Set<NoticeKey> note(Handle handle, List<Reached> reached) {
    return handle
        .createQuery(NOTE)
        .bind("quotas", SqlArrays.texts(reached.stream().map(each -> each.key().quota()).toList()))
        .bind(
            "starts",
            SqlArrays.times(reached.stream().map(each -> each.state().period().start()).toList()))
        .bind(
            "thresholds",
            SqlArrays.numbers(reached.stream().map(each -> each.key().threshold()).toList()))
        .map(ResultRow.to(row -> new NoticeKey(row.text("quota_id"), row.number("threshold"))))
        .set();
  }

  private void tell(Handle handle, QuotaState state, int threshold) {
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

  /** The name of a quota may be as long as a subject may be. */
  private static String subject(String quota) {
    String subject = "quota/" + quota;
    return subject.length() <= 256 ? subject : subject.substring(0, 256);
  }
}
