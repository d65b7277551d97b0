package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import io.billingsdk.server.control.InstanceLeases.QuotaAsk;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.quotas.LeaseRows.LeaseRow;
import io.billingsdk.server.quotas.LeaseRows.Sums;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Grants leases. Each grant is one transaction, alone with its quota: the sum of settled, leased
 * and new amounts is within the capacity, or nothing is granted. Thread-safe.
 *
 * <p>Locks are taken in one order: the quota, leases by their numbers. The intake locks leases by
 * their numbers and then counters, and never a quota.
 */
final class Leases {
  /** How long a lease may be spent from without a word of its holder. */
  static final Duration LIFE = Duration.ofSeconds(60);

  /** A holder stops a tenth before its lease ends; so much later nobody spends from it. */
  static final Duration GRACE = Duration.ofSeconds(15);

  /** How far from now the period may be that is asked for. */
  static final Duration AHEAD = Duration.ofMinutes(5);

  /** How long a reservation over HTTP lasts. */
  static final Duration RESERVATION = Duration.ofMinutes(10);

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(60);

  private final Database database;
  private final QuotaSource source;
  private final Function<Handle, UUID> ledger;
  private final Clock clock;

  /** Of the quotas that a source knows, debited in a ledger. */
  Leases(Database database, QuotaSource source, Function<Handle, UUID> ledger, Clock clock) {
    this.database = database;
    this.source = source;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Who asks.
   *
   * @param request the number of the question in the stream
   */
  record Holder(String instance, UUID stream, long request) {}

  /** Answers what a holder asks of one quota. */
  LeaseTerms ask(Holder holder, QuotaAsk ask) {
    return database.inTransaction(handle -> ask(handle, holder, ask));
  }

  private LeaseTerms ask(Handle handle, Holder holder, QuotaAsk ask) {
    Instant now = clock.instant();
    QuotaRule rule = source.byId(handle, ask.quota()).orElse(null);
    if (rule == null) {
      endOwn(handle, holder, ask);
      return unknown(ask.quota());
    }
    QuotaPeriod period = rule.period(moment(ask, now));
    LeaseRows.lockQuotas(handle, List.of(rule.id()));
    if (ask.holding() != Holding.OPEN) {
      endOwn(handle, holder, ask);
      return terms(rule, period, null, sums(handle, rule, period, now), now, false);
    }
    return open(handle, rule, period, holder, ask, now);
  }

  private static Instant moment(QuotaAsk ask, Instant now) {
    Instant at = ask.at();
    return at == null || Duration.between(now, at).abs().compareTo(AHEAD) > 0 ? now : at;
  }

  private LeaseTerms open(
      Handle handle, QuotaRule rule, QuotaPeriod period, Holder holder, QuotaAsk ask, Instant now) {
    LeaseRow own = null;
    Instant expired = now.minus(GRACE);
    for (LeaseRow each :
        LeaseRows.lockLeases(
            handle, rule.id(), period.start(), holder.instance(), holder.stream(), expired)) {
      if (!each.isHard() && each.expiresAt().isBefore(expired)) {
        // Nobody spends from it, and what of it is still to come is more than the limit by then.
        LeaseRows.end(handle, each, each.loss());
      } else if (each.ledger().equals(ledger.apply(handle))) {
        own = each;
      } else {
        // Of the ledger before a restore: its holder has dropped it, and may have used of it.
        LeaseRows.close(handle, each, BigDecimal.ZERO);
      }
    }
    Sums sums = sums(handle, rule, period, now);
    if (own == null) {
      return begin(handle, rule, period, holder, ask, sums, now);
    }
    if (holder.request() <= own.lastRequest()) {
      return terms(rule, period, own, sums, now, isShort(own, ask));
    }
    BigDecimal spent = own.epoch().toString().equals(ask.epoch()) ? ask.spent() : BigDecimal.ZERO;
    // It has no more in hand than what is debited for it, whatever it says.
    BigDecimal inHand = own.granted().subtract(spent).min(own.debit()).max(BigDecimal.ZERO);
    BigDecimal more = more(rule, sums, sums.holders(), inHand, ask.want());
    Instant expires = expires(period, now);
    LeaseRow grown = grown(own, period, rule.isHard(), more, holder.request(), expires);
    LeaseRows.grow(handle, grown, more);
    return terms(
        rule, period, grown, plus(sums, more), now, inHand.add(more).compareTo(ask.want()) < 0);
  }

  /** A repeated question: whether it was answered with less than it wanted. */
  private static boolean isShort(LeaseRow own, QuotaAsk ask) {
    return own.granted().subtract(ask.spent()).compareTo(ask.want()) < 0;
  }

  private LeaseTerms begin(
      Handle handle,
      QuotaRule rule,
      QuotaPeriod period,
      Holder holder,
      QuotaAsk ask,
      Sums sums,
      Instant now) {
    BigDecimal more = more(rule, sums, sums.holders() + 1, BigDecimal.ZERO, ask.want());
    boolean isShort = more.compareTo(ask.want()) < 0;
    if (more.signum() == 0) {
      return terms(rule, period, null, sums, now, true);
    }
    LeaseRow made = lease(handle, rule, period, holder, more, expires(period, now));
    long number = LeaseRows.insert(handle, made);
    return terms(rule, period, numbered(made, number), plus(sums, more), now, isShort);
  }

  private LeaseRow lease(
      Handle handle,
      QuotaRule rule,
      QuotaPeriod period,
      Holder holder,
      BigDecimal granted,
      Instant expires) {
    return new LeaseRow(
        0,
        ledger.apply(handle),
        rule.id(),
        period,
        holder.instance(),
        holder.stream(),
        rule.isHard(),
        granted,
        BigDecimal.ZERO,
        BigDecimal.ZERO,
        holder.request(),
        expires,
        Holding.OPEN);
  }

  /** The holder ends a lease of its own; one that is nobody's, or another's, stays as it is. */
  private static void endOwn(Handle handle, Holder holder, QuotaAsk ask) {
    String name = ask.holding() == Holding.OPEN ? null : ask.epoch();
    Epoch epoch = name == null ? null : Epoch.parse(name);
    LeaseRow lease = epoch == null ? null : LeaseRows.lock(handle, epoch.number()).orElse(null);
    if (lease == null
        || !lease.epoch().equals(epoch)
        || !lease.quota().equals(ask.quota())
        || lease.instance() == null
        || !lease.instance().equals(holder.instance())
        || lease.holding() == Holding.DONE) {
      return;
    }
    BigDecimal unspent =
        lease.granted().subtract(ask.spent()).min(lease.debit()).max(BigDecimal.ZERO);
    if (ask.holding() == Holding.DONE) {
      boolean open = lease.holding() == Holding.OPEN;
      LeaseRows.end(handle, lease, open ? lease.debit().subtract(unspent) : lease.debit());
    } else if (lease.holding() == Holding.OPEN) {
      LeaseRows.close(handle, lease, unspent);
    }
  }

  /** A reservation over HTTP is used up to an amount; one that has ended, or is none, stays. */
  static void endReservation(Handle handle, Epoch epoch, BigDecimal used) {
    LeaseRow lease = LeaseRows.lock(handle, epoch.number()).orElse(null);
    if (lease != null
        && lease.epoch().equals(epoch)
        && lease.instance() == null
        && lease.holding() == Holding.OPEN) {
      BigDecimal unspent = lease.granted().subtract(used).min(lease.debit()).max(BigDecimal.ZERO);
      if (unspent.compareTo(lease.debit()) == 0) {
        // Its event has come, or nothing was used: no grant has to add it up until its end.
        LeaseRows.end(handle, lease, BigDecimal.ZERO);
      } else {
        LeaseRows.close(handle, lease, unspent);
      }
    }
  }

  private static Sums sums(Handle handle, QuotaRule rule, QuotaPeriod period, Instant now) {
    Sums sums = LeaseRows.sums(handle, Map.of(rule.id(), period), now).get(rule.id());
    return Objects.requireNonNull(sums, "each quota has sums");
  }

  private static BigDecimal more(
      QuotaRule rule, Sums sums, int holders, BigDecimal inHand, BigDecimal want) {
    BigDecimal capacity = rule.capacity(sums.extended());
    BigDecimal remaining =
        capacity == null ? null : capacity.subtract(sums.used()).max(BigDecimal.ZERO);
    return LeaseSize.more(remaining, rule.terms().limit(), Math.max(1, holders), inHand, want);
  }

  private static Instant expires(QuotaPeriod period, Instant now) {
    Instant usual = now.plus(LIFE);
    // One for the next period lasts until that has begun, and a while.
    Instant least = period.start().isAfter(now) ? period.start().plus(LIFE) : usual;
    return least.isAfter(period.end()) ? period.end() : least;
  }

  /** A switch of plans may have moved the end of its period. */
  private static LeaseRow grown(
      LeaseRow own,
      QuotaPeriod period,
      boolean isHard,
      BigDecimal more,
      long request,
      Instant expires) {
    return new LeaseRow(
        own.number(),
        own.ledger(),
        own.quota(),
        period,
        own.instance(),
        own.stream(),
        isHard,
        own.granted().add(more),
        own.settled(),
        own.returned(),
        request,
        expires,
        own.holding());
  }

  private static LeaseRow numbered(LeaseRow made, long number) {
    return new LeaseRow(
        number,
        made.ledger(),
        made.quota(),
        made.period(),
        made.instance(),
        made.stream(),
        made.isHard(),
        made.granted(),
        made.settled(),
        made.returned(),
        made.lastRequest(),
        made.expiresAt(),
        made.holding());
  }

  private static Sums plus(Sums sums, BigDecimal more) {
    return new Sums(
        sums.settled(),
        sums.beyond(),
        sums.leased().add(more),
        sums.holders(),
        sums.expired(),
        sums.extended());
  }

  private static LeaseTerms terms(
      QuotaRule rule,
      QuotaPeriod period,
      @Nullable LeaseRow lease,
      Sums sums,
      Instant now,
      boolean isExhausted) {
    Duration left = Duration.between(now, period.end());
    Duration retry = sums.leased().signum() > 0 ? SOON : left.compareTo(LATER) < 0 ? left : LATER;
    return new LeaseTerms(
        rule.id(),
        lease == null ? null : lease.epoch().toString(),
        lease == null ? BigDecimal.ZERO : lease.granted(),
        lease == null ? 0 : Math.max(0, Duration.between(now, lease.expiresAt()).toMillis()),
        period.start(),
        period.end(),
        rule.terms().limit().add(sums.extended()),
        sums.used(),
        /* isUnknown= */ false,
        isExhausted,
        isExhausted ? retry.toMillis() : 0);
  }

  private static LeaseTerms unknown(String quota) {
    return new LeaseTerms(
        quota,
        null,
        BigDecimal.ZERO,
        0,
        Instant.EPOCH,
        Instant.EPOCH,
        null,
        BigDecimal.ZERO,
        /* isUnknown= */ true,
        /* isExhausted= */ false,
        0);
  }

  /** The same of several quotas, each in a transaction of its own. */
  List<LeaseTerms> ask(Holder holder, List<QuotaAsk> asks) {
    return asks.stream().map(each -> ask(holder, each)).toList();
  }
}
