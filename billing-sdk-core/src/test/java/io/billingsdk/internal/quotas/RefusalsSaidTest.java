package io.billingsdk.internal.quotas;

import static io.billingsdk.internal.quotas.QuotaBench.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Admission.Refused;
import io.billingsdk.DenialReason;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.LeaseRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Refused calls are counted once each, whatever becomes of the requests that say them. */
final class RefusalsSaidTest {
  private static final String KEY_ID = "k-one";

  private final QuotaBench bench = new QuotaBench();

  private void refuse(int calls) {
    for (int i = 0; i < calls; i++) {
      assertThat(bench.admit(event(1))).isInstanceOf(Refused.class);
    }
  }

  private long counted() {
    return bench.server.refused(KEY_ID, "MODEL");
  }

  @Test
  void request_lostWithItsConnection_isSaidByTheNext() {
    bench.answering = false;
    bench.keys(null, "other*").up();
    refuse(1);
    bench.scheduler.advance(Duration.ofSeconds(2));
    assertThat(bench.newRequests()).isNotEmpty();
    bench.quotas.line().down();
    bench.answering = true;
    bench.up();
    bench.scheduler.advance(Duration.ofSeconds(11));

    assertThat(counted()).isEqualTo(1);
  }

  @Test
  void answer_lost_countsOnce() {
    bench.answering = false;
    bench.keys(null, "other*").up();
    refuse(3);
    bench.scheduler.advance(Duration.ofSeconds(2));
    var lost = bench.server.answer(bench.lastRequest());
    assertThat(lost.request()).isPositive();
    bench.quotas.line().down();
    bench.answering = true;
    refuse(2);
    bench.up();
    bench.scheduler.advance(Duration.ofSeconds(11));

    assertThat(counted()).isEqualTo(5);
  }

  @Test
  void close_withoutALease_saysTheRest() {
    bench.keys(null, "other*").up();
    refuse(1);
    bench.scheduler.advance(Duration.ofSeconds(2));
    refuse(4);
    bench.quotas.close();
    var closed = bench.quotas.line().close();
    bench.scheduler.run();

    assertThat(closed).isCompleted();
    assertThat(counted()).isEqualTo(5);
  }

  @Test
  void close_whileARequestIsUnderWay_saysItsRefusalsToo() {
    bench.answering = false;
    bench.keys(null, "other*").up();
    refuse(2);
    bench.scheduler.advance(Duration.ofSeconds(2));
    bench.answering = true;
    var closed = bench.quotas.line().close();
    bench.scheduler.run();

    assertThat(closed).isCompleted();
    assertThat(counted()).isEqualTo(2);
  }

  @Test
  void close_withNothingToSay_sendsNothing() {
    bench.keys(null, "other*").up();
    bench.newRequests();
    assertThat(bench.quotas.line().close()).isCompleted();
    assertThat(bench.requests).isEmpty();
  }

  @Test
  void close_moreLeasesThanARequestHolds_returnsAll() {
    for (int i = 0; i < 300; i++) {
      bench.hard("q" + i, "calls", 100);
    }
    bench.keys(null).up();
    bench.admit(event(1));
    bench.scheduler.advance(Duration.ofSeconds(1));
    bench.quotas.close();
    var closed = bench.quotas.line().close();
    bench.scheduler.run();

    assertThat(closed).isCompleted();
    assertThat(bench.server.leases())
        .hasSize(300)
        .allSatisfy(lease -> assertThat(lease.debit()).isEqualByComparingTo("0"));
  }

  @Test
  void ledger_another_isSaidEverything() {
    bench.keys(null, "other*").up();
    refuse(3);
    bench.scheduler.advance(Duration.ofSeconds(11));
    assertThat(counted()).isEqualTo(3);
    bench.server.restore();
    bench.quotas.line().ledger(bench.server.ledger());
    bench.scheduler.advance(Duration.ofSeconds(11));

    assertThat(counted()).isEqualTo(3);
  }

  @Test
  void stream_another_neitherLosesNorRepeatsACount() {
    bench.keys(null, "other*").up();
    refuse(3);
    bench.scheduler.advance(Duration.ofSeconds(2));
    refuse(2);
    bench.stream = new UUID(8, 8);
    refuse(4);
    bench.scheduler.advance(Duration.ofSeconds(30));

    assertThat(counted()).isEqualTo(9);
  }

  @Test
  void news_moreKeysThanARequestHolds_saysEachInTurn() {
    RefusalCounts counts = new RefusalCounts();
    Set<String> said = new HashSet<>();
    for (int round = 0; round < 3; round++) {
      for (int key = 0; key < 2 * Bounds.LEASE_ENTRIES + 10; key++) {
        counts.add("k" + key, DenialReason.BLOCKED);
      }
      List<LeaseRequest.Refusals> news = counts.news(Bounds.LEASE_ENTRIES);
      assertThat(news).hasSizeLessThanOrEqualTo(Bounds.LEASE_ENTRIES);
      counts.acknowledged(news);
      news.forEach(each -> said.add(each.keyId()));
    }
    assertThat(said).hasSize(2 * Bounds.LEASE_ENTRIES + 10);
  }
}
