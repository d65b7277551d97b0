package io.billingsdk.internal.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission;
import io.billingsdk.Admission.Admitted;
import io.billingsdk.RejectionReason;
import io.billingsdk.UsageEvent;
import io.billingsdk.protocol.LeaseRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One random run: calls of two keys, answers that are lost, late and doubled, outages, ends of
 * periods. Beside it goes the naive model: a list of open calls, and the sums of what was settled
 * in each period. After each step: nothing is used beyond a limit, and nothing is stored that its
 * lease did not have. In the end nothing is leased.
 */
final class LeaseModelRun {
  private static final int STEPS = 250;
  private static final long CUSTOMER = 400;
  private static final long CALLS = 60;

  private final Random random;
  private final QuotaBench bench = new QuotaBench();
  private final List<OpenCall> open = new ArrayList<>();
  private final Map<Long, BigDecimal> settled = new HashMap<>();
  private final List<LeaseRequest> late = new ArrayList<>();
  private boolean up = true;
  private int admitted;

  /** In the model. */
  private record OpenCall(Admitted call, String key, long estimate, long period) {}

  LeaseModelRun(long seed, PlantedQuotaBug bug) {
    random = new Random(seed);
    bench.bug = bug;
    bench.server.periods(Duration.ofMinutes(10));
    bench.hard("customer", "usage", CUSTOMER).hard("calls", "calls", CALLS).keys(null).up();
    bench.server.leaseAtMost(10 + random.nextInt(60));
  }

  /** Plays it; how many calls were admitted. */
  int play() {
    for (int step = 0; step < STEPS; step++) {
      step();
      check();
    }
    end();
    return admitted;
  }

  private void step() {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3, 4 -> admit();
      case 5, 6, 7 -> finish(/* settles= */ true);
      case 8 -> finish(/* settles= */ false);
      case 9 -> bench.deliver();
      case 10 -> bench.delivering = random.nextBoolean();
      case 11 -> connect(random.nextInt(4) > 0);
      case 12 -> answers();
      case 13 -> part();
      default -> bench.scheduler.advance(Duration.ofMillis(1 + random.nextInt(30_000)));
    }
  }

  private void admit() {
    String key = random.nextBoolean() ? QuotaBench.KEY : QuotaBench.OTHER;
    long estimate = random.nextInt(20);
    Admission answer = bench.admit(QuotaBench.event(key, estimate));
    if (answer instanceof Admitted call) {
      admitted++;
      open.add(new OpenCall(call, key, estimate, bench.server.period(bench.clock.wallMillis())));
    }
  }

  private void finish(boolean settles) {
    if (open.isEmpty()) {
      return;
    }
    OpenCall call = open.remove(random.nextInt(open.size()));
    if (settles) {
      boolean rejected = random.nextInt(8) == 0;
      bench.rejecting = rejected ? RejectionReason.BUFFER_FULL : null;
      long used = call.estimate() == 0 ? 0 : random.nextInt((int) call.estimate() + 1);
      UsageEvent event = QuotaBench.event(call.key(), used);
      assertThat(call.call().settle(event).accepted()).isNotEqualTo(rejected);
      bench.rejecting = null;
      if (!rejected) {
        count(call, used);
      }
    }
    call.call().close();
    assertThat(call.call().settle(QuotaBench.event(call.key(), 1)).accepted()).isFalse();
  }

  /** Half of an estimate; the call goes on with the other half. */
  private void part() {
    if (!open.isEmpty()) {
      OpenCall call = open.remove(random.nextInt(open.size()));
      long part = call.estimate() / 2;
      // Of calls there is one each: a part counts as one, so the call ends with it.
      UsageEvent event = QuotaBench.event(call.key(), part);
      assertThat(call.call().report(event).accepted()).isTrue();
      count(call, part);
      call.call().close();
    }
  }

  private void count(OpenCall call, long used) {
    settled.merge(call.period(), BigDecimal.valueOf(used), BigDecimal::add);
  }

  private void connect(boolean connected) {
    if (up && !connected) {
      bench.quotas.line().down();
    } else if (!up && connected) {
      bench.up();
    }
    up = connected;
  }

  /** Answers are held back, or come late and twice. */
  private void answers() {
    late.addAll(bench.newRequests());
    bench.answering = random.nextBoolean();
    while (!late.isEmpty() && random.nextInt(3) > 0) {
      LeaseRequest one = late.remove(random.nextInt(late.size()));
      bench.answer(one);
      if (random.nextBoolean()) {
        bench.answer(one);
      }
    }
  }

  private void check() {
    long now = bench.server.period(bench.clock.wallMillis());
    for (long period = now - 600_000; period <= now + 600_000; period += 600_000) {
      assertThat(bench.server.used("customer", period))
          .isLessThanOrEqualTo(BigDecimal.valueOf(CUSTOMER));
      assertThat(bench.server.used("calls", period)).isLessThanOrEqualTo(BigDecimal.valueOf(CALLS));
    }
    assertThat(bench.server.beyond()).as("stored beyond a lease").isEqualByComparingTo("0");
  }

  private void end() {
    while (!open.isEmpty()) {
      finish(/* settles= */ true);
    }
    bench.answering = true;
    bench.delivering = true;
    bench.deliver();
    connect(/* connected= */ true);
    bench.scheduler.advance(Duration.ofMinutes(15));
    check();
    settled.forEach(
        (period, sum) ->
            assertThat(bench.server.settled("customer", period)).isEqualByComparingTo(sum));
    for (LeaseServer.Granted lease : bench.server.leases()) {
      assertThat(lease.debit()).as("stranded in %s", lease.epoch).isEqualByComparingTo("0");
    }
  }
}
