package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.LedgerAppender;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Corrections take usage back: what was beyond the leases first, and never below nothing. */
class CorrectedQuotaTest extends KeyQuotaFixture {
  private static final String USAGE = "key/k_1/usage";

  private void correct(long seq, String usage) throws Exception {
    var unused =
        new Corrections(database, new Actor("ann"), new LedgerAppender(List.of(quotas.counters())))
            .correct(
                new EventRef(stream, seq, clock.instant()), new BigDecimal(usage), "wrong price");
  }

  private void assertCounter(String used, String beyond) {
    assertThat(state().used()).isEqualByComparingTo(used);
    assertThat(state().beyond()).isEqualByComparingTo(beyond);
  }

  @Test
  void correction_downwards_lowersWhatIsBeyondFirst_andNotBelowZero() throws Exception {
    limit("usage", 1_000, null, /* overage= */ false);
    String epoch = Objects.requireNonNull(lease(USAGE, 100, null, 0, Holding.OPEN).epoch());
    useAt(clock.instant(), new BigDecimal("70"), epoch);
    useAt(clock.instant(), new BigDecimal("30"));
    assertCounter("100", "30");
    correct(1, "50.5");
    assertCounter("80.5", "10.5");
    correct(1, "20");
    assertCounter("50", "0");
    useAt(clock.instant(), new BigDecimal("5"));
    assertCounter("55", "5");
    correct(1, "40");

    assertCounter("75", "25");
  }

  @Test
  void corrections_besideLanes_keepTheSumOfTheShards() throws Exception {
    limit("usage", 1_000_000, null, /* overage= */ true);
    for (int i = 0; i < 20; i++) {
      useAt(clock.instant(), BigDecimal.TEN);
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int lanes = 0; lanes < 2; lanes++) {
      running.add(threads.submit(this::useElsewhere));
    }
    for (int from = 1; from <= 11; from += 10) {
      long first = from;
      running.add(
          threads.submit(
              () -> {
                for (long seq = first; seq < first + 10; seq++) {
                  correct(seq, "0");
                }
                return null;
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    threads.shutdown();

    assertCounter("100", "100");
  }

  private Void useElsewhere() throws Exception {
    UUID own = UUID.randomUUID();
    try (Database other = world.database();
        AdmittedLane its = new AdmittedLane(other, List.of(quotas.counters()), 1, clock)) {
      for (long seq = 1; seq <= 50; seq++) {
        var unused =
            its.store(
                List.of(
                    new Admitted(
                        own, "i-" + own, seq, KEY, BigDecimal.ONE, clock.instant(), List.of())));
      }
    }
    return null;
  }
}
