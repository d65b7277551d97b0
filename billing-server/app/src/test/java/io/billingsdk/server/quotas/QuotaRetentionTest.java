package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.RefusalCount;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Leases, holders and counts of processes that are gone do not stay for ever. */
class QuotaRetentionTest extends KeyQuotaFixture {
  private static final String LEASES = "SELECT count(*) FROM quota_lease";
  private static final String HOLDERS = "SELECT count(*) FROM quota_holder";

  private String open() {
    return Objects.requireNonNull(lease(CALLS, 5, null, 0, Holding.OPEN).epoch());
  }

  private void wait(Duration time) {
    clock.advance(time);
    quotas.retention().run();
  }

  @Test
  void lease_thatIsDone_isDeletedLater_andItsHolderToo() throws Exception {
    limit("calls", 100, null, /* overage= */ false);
    String epoch = open();
    use(2, epoch);
    var unused = lease(CALLS, 0, epoch, 2, Holding.DONE);
    wait(QuotaRetention.KEPT.minusMinutes(1));
    assertThat(number(LEASES)).isOne();
    assertThat(number(HOLDERS)).isOne();
    wait(Duration.ofMinutes(5));

    assertThat(number(LEASES)).isZero();
    assertThat(number(HOLDERS)).isZero();
    assertThat(state().used()).as("the counter stays").isEqualByComparingTo("2");
    use(1, epoch);
    assertThat(state().beyond()).as("of a lease that is gone").isEqualByComparingTo("1");
  }

  @Test
  void hardLease_ofAHolderThatIsGone_staysDebited() throws Exception {
    limit("calls", 100, null, /* overage= */ false);
    var unused = open();
    String leased = state().leased().toPlainString();
    wait(QuotaRetention.KEPT.multipliedBy(3));

    assertThat(state().leased()).isEqualByComparingTo(leased);
    assertThat(number(HOLDERS)).isOne();
  }

  @Test
  void hardLease_ofAPeriodThatIsOver_isDeletedLater() throws Exception {
    limit("calls", 100, clock.instant().plus(Duration.ofDays(1)), /* overage= */ false);
    var unused = open();
    wait(QuotaRetention.KEPT.plus(Duration.ofHours(23)));
    assertThat(number(LEASES)).isOne();
    wait(Duration.ofHours(2));

    assertThat(number(LEASES)).isZero();
  }

  @Test
  void reservations_moreThanOnePart_areDeletedInOneRun_alsoThoseNobodySettled() throws Exception {
    world.execute(
        "INSERT INTO quota_lease (ledger, quota_id, period_start, period_end, hard, granted,"
            + " returned, expires_at, holding)"
            + " SELECT gen_random_uuid(), 'key/k_1/calls', 'epoch', '9999-12-31', false, 5, n % 6,"
            + " now() - interval '36 days', CASE n % 3 WHEN 0 THEN 'open' ELSE 'closed' END"
            + " FROM generate_series(1, 10001) AS n");
    quotas.retention().run();

    assertThat(number(LEASES)).isZero();
  }

  @Test
  void refusals_ofAProcessThatIsGone_areDeletedLater() throws Exception {
    var unused =
        quotas
            .instances()
            .ask(
                "i-9",
                new LeaseQuestion(
                    1,
                    UUID.randomUUID(),
                    List.of(),
                    List.of(),
                    List.of(new RefusalCount(KEY, "QUOTA", 3))));
    quotas.retention().run();
    assertThat(number("SELECT sum(count)::bigint FROM quota_refusal")).isEqualTo(3);
    wait(QuotaRetention.KEPT.plusMinutes(1));

    assertThat(number("SELECT count(*) FROM quota_refusal")).isZero();
  }
}
