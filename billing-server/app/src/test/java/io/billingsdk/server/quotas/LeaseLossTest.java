package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The end of a lease says how much of it was spent and never came. */
class LeaseLossTest extends KeyQuotaFixture {
  private static final Duration OVER = Leases.LIFE.plus(Leases.GRACE).plusSeconds(1);
  private static final String LOST = "SELECT sum(lost)::bigint FROM quota_lease";

  private String open(long want) {
    LeaseTerms terms = lease(CALLS, want, null, 0, Holding.OPEN);
    return Objects.requireNonNull(terms.epoch());
  }

  @Test
  void softLease_closedWithUsageThatNeverComes_endsWithItsLoss() throws Exception {
    limit("calls", 100, null, /* overage= */ true);
    String epoch = open(10);
    use(4, epoch);
    var unused = lease(CALLS, 0, epoch, 7, Holding.CLOSED);
    assertThat(state().leased()).as("spent, and on its way").isEqualByComparingTo("3");
    clock.advance(OVER);
    var unusedToo = open(1);

    assertThat(number(LOST)).isEqualTo(3);
    assertThat(number("SELECT sum(returned)::bigint FROM quota_lease WHERE holding = 'done'"))
        .isEqualTo(number("SELECT granted - 4 FROM quota_lease WHERE holding = 'done'"));
  }

  @Test
  void softLease_thatNobodyClosed_endsWithoutALoss() throws Exception {
    limit("calls", 100, null, /* overage= */ true);
    use(4, open(10));
    clock.advance(OVER);
    var unusedToo = open(1);

    assertThat(number(LOST)).as("nobody knows what was spent").isZero();
    assertThat(number("SELECT count(*) FROM quota_lease WHERE holding = 'done'")).isOne();
  }

  @Test
  void softLease_closedWithAllUsageHere_endsWithoutALoss() throws Exception {
    limit("calls", 100, null, /* overage= */ true);
    String epoch = open(10);
    use(4, epoch);
    var unused = lease(CALLS, 0, epoch, 4, Holding.CLOSED);
    clock.advance(OVER);
    var unusedToo = open(1);

    assertThat(number(LOST)).isZero();
  }

  @Test
  void hardLease_closedAndDone_endsWithItsLoss() throws Exception {
    limit("calls", 100, null, /* overage= */ false);
    String epoch = open(10);
    use(4, epoch);
    var unused = lease(CALLS, 0, epoch, 6, Holding.CLOSED);
    var unusedToo = lease(CALLS, 0, epoch, 6, Holding.DONE);

    assertThat(number(LOST)).isEqualTo(2);
    assertThat(state().leased()).isEqualByComparingTo("0");
  }
}
