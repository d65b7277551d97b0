package io.billingsdk.internal.quotas;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.LeaseRequest.Ask;
import io.billingsdk.protocol.LeaseRequest.Holding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the billing system for leases and shares, and takes in what it grants. There is one request
 * at a time: it is sent again, with its number, until it is answered, since an answer that is lost
 * may have granted something. All amounts are totals, so nothing that comes twice or late counts
 * twice.
 *
 * <p>Confined to the scheduler's thread.
 */
public final class LeaseLine {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.KEYS);
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Requests are not sent faster, however quickly they are answered. */
  private static final Duration LEAST_PAUSE = Duration.ofMillis(20);

  /**
   * How long a request may be without an answer, repeated meanwhile, before a billing system counts
   * as away.
   */
  static final Duration SILENCE = Duration.ofSeconds(10);

  /** The pause before a broker that forbids it is asked again. */
  private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(1);

  private final LeaseBook book;
  private final LeaseLink link;
  private final LeaseWire wire;
  private final LeaseRequests requests;
  private final Clock clock;
  private final Scheduler scheduler;
  private final RetrySchedule retry;

  private @Nullable UUID stream;
  private @Nullable UUID ledger;
  private long number;
  private @Nullable Outstanding outstanding;
  private @Nullable Cancellable nextTry;
  private @Nullable Cancellable nextLook;
  private long notBeforeNanos;
  private boolean sent;
  private boolean toldForbidden;
  private final LineFigures figures = new LineFigures();
  private final Set<String> confirms = new LinkedHashSet<>();

  /** The request that has no answer, and when it was sent for the first time. */
  private record Outstanding(LeaseRequest request, long sentNanos) {}

  LeaseLine(
      LeaseBook book,
      LeaseLink link,
      LeaseWire wire,
      Clock clock,
      Scheduler scheduler,
      RetrySchedule retry) {
    this.book = book;
    this.link = link;
    this.wire = wire;
    this.requests = new LeaseRequests(book, wire);
    this.clock = clock;
    this.scheduler = scheduler;
    this.retry = retry;
    link.connect(
        () -> scheduler.execute(this::look), () -> scheduler.execute(this::lookEachSecond));
  }

  /** The link is up, and a billing system of protocol v2 there. */
  public void up() {
    link.up(true);
    // Requests of another connection are sent again with the totals of now.
    giveUp();
    look();
  }

  /** The link is down, or the billing system has gone: the lease in hand is spent. */
  public void down() {
    link.up(false);
    giveUp();
    if (nextLook != null) {
      nextLook.cancel();
      nextLook = null;
    }
  }

  /** The billing system says which ledger it keeps: leases of another one are void. */
  public void ledger(UUID seen) {
    if (ledger != null && !ledger.equals(seen)) {
      log.info("the billing system has another ledger: leases of the one before are void");
      book.forgetLeases();
      book.refusals().forgetAnswers();
      giveUp();
      link.wakeLater();
    }
    ledger = seen;
  }

  /** The billing system grants something. */
  public void granted(LeaseGrant grant) {
    if (!grant.stream().equals(stream)) {
      log.trace("a grant for another stream is ignored");
      return;
    }
    ledger(grant.ledger());
    link.answered();
    Outstanding answered = outstanding;
    boolean mine = answered != null && answered.request().number() == grant.request();
    Moment now = Moment.of(clock);
    if (mine && answered != null) {
      takeIn(answered, grant, now);
      book.refusals().acknowledged(answered.request().refusals());
      end();
    } else {
      grant.leases().forEach(this::takeInLate);
    }
    long counted = mine && answered != null ? answered.sentNanos() : now.nanos();
    grant.rates().forEach(each -> takeIn(each, counted, now));
    look();
  }

  LineFigures figures() {
    return figures;
  }

  /** The process ends: nothing is admitted from now on. Completes when the broker knows. */
  public CompletableFuture<Void> close() {
    List<CompletableFuture<Void>> sending = new ArrayList<>();
    if (link.isUp()) {
      UUID current = stream == null ? wire.stream() : stream;
      for (LeaseRequest last : requests.last(number + 1, current)) {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        sending.add(arrived);
        number = last.number();
        wire.send(last.encode(), (forbidden, detail) -> arrived.complete(null));
      }
    }
    down();
    return CompletableFuture.allOf(sending.toArray(new CompletableFuture<?>[0]));
  }

  private void takeIn(Outstanding answered, LeaseGrant grant, Moment now) {
    List<Ask> asks = answered.request().asks();
    for (int i = 0; i < grant.leases().size(); i++) {
      LeaseGrant.Lease said = grant.leases().get(i);
      Ask ask = i < asks.size() ? asks.get(i) : null;
      QuotaAccount account = book.account(said.quota());
      if (account == null || ask == null || !ask.quota().equals(said.quota())) {
        continue;
      }
      account.lock().lock();
      try {
        if (ask.holding() == Holding.OPEN) {
          account.answered(said, answered.sentNanos(), now);
        } else {
          ended(account, ask);
        }
      } finally {
        account.lock().unlock();
      }
    }
  }

  private static void ended(QuotaAccount account, Ask ask) {
    for (Lease lease : List.copyOf(account.ended())) {
      if (lease.epoch().equals(ask.epoch())) {
        lease.sayClosed();
        if (ask.holding() == Holding.DONE) {
          account.ended().remove(lease);
        }
      }
    }
  }

  /** An answer to an earlier request: its totals count, but not for how long. */
  private void takeInLate(LeaseGrant.Lease said) {
    QuotaAccount account = book.account(said.quota());
    if (account != null) {
      account.lock().lock();
      try {
        account.answeredLate(said);
      } finally {
        account.lock().unlock();
      }
    }
  }

  private void takeIn(LeaseGrant.RateShare said, long countedFromNanos, Moment now) {
    RateGate gate = book.rate(said.keyId());
    if (gate != null && gate.become(said, countedFromNanos, now.nanos()) && said.confirm()) {
      confirms.add(said.keyId());
    }
  }

  private void lookEachSecond() {
    book.forgetIdle(Moment.of(clock));
    if (book.isEmpty()) {
      link.rest();
      return;
    }
    scheduler.schedule(this::lookEachSecond, TICK);
    Outstanding waiting = outstanding;
    if (waiting != null
        && clock.monotonicNanos() - waiting.sentNanos() >= SILENCE.toNanos()
        && link.answers()) {
      // Keys that have no share would be shut out for as long as it says nothing.
      log.info("the billing system does not answer: rates go on as they are");
      link.silent();
    }
    requests.count(Moment.of(clock));
    look();
  }

  /** Sends what is to be said, unless a request is under way. */
  private void look() {
    link.awake();
    if (!link.isUp() || outstanding != null || nextLook != null) {
      return;
    }
    long now = clock.monotonicNanos();
    if (sent && notBeforeNanos - now > 0) {
      nextLook =
          scheduler.schedule(
              () -> {
                nextLook = null;
                look();
              },
              Duration.ofNanos(notBeforeNanos - now));
      return;
    }
    LeaseRequest rest = openStream();
    LeaseRequest next =
        rest == null
            ? requests.next(number + 1, wire.stream(), Moment.of(clock), List.copyOf(confirms))
            : rest;
    if (next != null) {
      number++;
      confirms.clear();
      outstanding = new Outstanding(next, now);
      figures.asked(clock.wallMillis());
      send(0);
    }
  }

  /**
   * Leases are held under the name of the stream: with another one they are nobody's.
   *
   * @return the refusals to say under the earlier name first; null for none
   */
  private @Nullable LeaseRequest openStream() {
    UUID now = wire.stream();
    UUID before = stream;
    if (now.equals(before)) {
      return null;
    }
    if (before != null) {
      book.forgetLeases();
      LeaseRequest rest = requests.refusals(number + 1, before);
      if (rest != null) {
        return rest;
      }
      book.refusals().beginStream();
    }
    stream = now;
    number = 0;
    return null;
  }

  private void send(int before) {
    Outstanding waiting = outstanding;
    if (waiting == null || !link.isUp()) {
      return;
    }
    if (before > 0) {
      figures.failed();
    }
    // First: a request that fails must not be the last one.
    nextTry = scheduler.schedule(() -> send(before + 1), retry.delay(before));
    sent = true;
    notBeforeNanos = clock.monotonicNanos() + LEAST_PAUSE.toNanos();
    wire.send(waiting.request().encode(), this::sent);
  }

  private void sent(boolean forbidden, String detail) {
    if (!forbidden) {
      return;
    }
    figures.failed();
    if (!toldForbidden) {
      toldForbidden = true;
      log.warn(
          "the broker does not let this client ask for leases of quotas: {}. Give the instance the"
              + " rights that docs/brokers lists",
          detail);
    }
    giveUp();
    link.silent();
    notBeforeNanos = clock.monotonicNanos() + FORBIDDEN_PAUSE.toNanos();
  }

  /** The request under way is not going to be answered. */
  private void giveUp() {
    if (outstanding != null) {
      requests.givenUp(outstanding.request());
    }
    end();
  }

  /** No request is under way. */
  private void end() {
    outstanding = null;
    figures.over();
    if (nextTry != null) {
      nextTry.cancel();
      nextTry = null;
    }
    for (QuotaAccount each : book.accounts()) {
      each.lock().lock();
      try {
        each.asked(false);
      } finally {
        each.lock().unlock();
      }
    }
  }
}
