package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import io.billingsdk.server.control.InstanceLeases.QuotaAsk;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A reset is the beginning of the next period: no moment has two quotas, and none has no quota. The
 * customers have subscriptions, and their quotas the calendar of these.
 */
@Tag("postgres")
class QuotaResetTest {
  private static final String PLANS =
      """
      meters:
        - {slug: calls, unit: call, value: one, aggregation: count}
      plans:
        - plan: by-month
          name: By the month
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: calls, limit: 10, mode: hard, period: calendarMonth}]
        - plan: by-period
          name: By the billing period
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: calls, limit: 10, mode: hard, period: billingPeriod}]
      """;

  /** Billing periods begin on the last day of a month. */
  private static final LocalDate ANCHOR = LocalDate.of(2098, 1, 31);

  /** On both sides of the date line, with halves of hours, and with clocks that change. */
  private static final List<String> ZONES =
      List.of(
          "Pacific/Kiritimati",
          "Pacific/Auckland",
          "Pacific/Chatham",
          "Australia/Lord_Howe",
          "Australia/Adelaide",
          "Asia/Tokyo",
          "Asia/Shanghai",
          "Asia/Kathmandu",
          "Asia/Kolkata",
          "Asia/Tehran",
          "Asia/Beirut",
          "Europe/Istanbul",
          "Europe/Berlin",
          "Europe/London",
          "Africa/Casablanca",
          "America/Sao_Paulo",
          "America/St_Johns",
          "America/New_York",
          "America/Los_Angeles",
          "Pacific/Pago_Pago");

  private World world;
  private Database database;
  private PlanCustomers customers;

  @BeforeEach
  void start() throws Exception {
    world = Testbed.get().world();
    database = world.database();
    customers = new PlanCustomers(database, PLANS);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void reset_inTwentyZones_overAMonthsEndAndAChangeOfTheClock_isSeamless() throws Exception {
    long twice = 0;
    long none = 0;
    long looks = 0;
    for (int i = 0; i < ZONES.size(); i++) {
      boolean isByPeriod = i % 2 == 0;
      Customer customer = new Customer("c_" + i, ZoneId.of(ZONES.get(i)), isByPeriod);
      // The clocks change in many zones at the end of October, of March, or in between.
      for (YearMonth month : List.of(YearMonth.of(2098, 3), YearMonth.of(2098, 10))) {
        LocalDate day = isByPeriod ? month.atEndOfMonth() : month.plusMonths(1).atDay(1);
        Instant end = day.atStartOfDay(customer.zone).toInstant();
        customers.moveTo(customer.id, end.minus(Duration.ofMinutes(4)));
        customer.clock.set(end.minus(Duration.ofMinutes(4)));
        twice += customer.drain(customer.clock.instant()) > 10 ? 1 : 0;
        // Before its beginning the holder asks for the next period.
        BigDecimal ahead = customer.lease(end).granted();
        none += ahead.signum() == 0 ? 1 : 0;
        for (long millis : new long[] {-60_000, -1_000, -1}) {
          customer.clock.set(end.plusMillis(millis));
          twice += customer.admits(customer.clock.instant()) ? 1 : 0;
          looks++;
        }
        for (long millis : new long[] {0, 1, 1_000}) {
          customer.clock.set(end.plusMillis(millis));
          none += customer.admits(customer.clock.instant()) ? 0 : 1;
          looks++;
        }
        customers.moveTo(customer.id, end.plusSeconds(30));
        customer.clock.set(end.plus(Duration.ofMinutes(1)));
        long rest = customer.drain(customer.clock.instant());
        twice += 3 + rest > 10 ? 1 : 0;
        none += 3 + rest < 10 ? 1 : 0;
        customer.deliver();
      }
      customer.close();
    }
    long wrong =
        world.count(
            "SELECT count(*) FROM (SELECT quota_id, period_start, sum(settled) AS s, sum(beyond)"
                + " AS b FROM quota_counter_shard GROUP BY 1, 2) c WHERE s <> 10 OR b <> 0");
    long periods =
        world.count("SELECT count(DISTINCT (quota_id, period_start)) FROM quota_counter_shard");
    Proof.of("quota-reset")
        .with("zones", ZONES.size())
        .with("subscriptions", ZONES.size())
        .with("periods", periods)
        .with("moments", looks)
        .with("double", twice)
        .with("zero", none)
        .with("wrong_counters", wrong)
        .print();

    assertThat(twice).as("moments with two quotas").isZero();
    assertThat(none).as("moments without a quota").isZero();
    assertThat(wrong).isZero();
    assertThat(periods).isEqualTo(4L * ZONES.size());
  }

  /** One key, one instance, and the leases of two periods. */
  private final class Customer {
    private final String id;
    private final String key;
    private final String quota;
    private final ZoneId zone;
    private final ManualClock clock = new ManualClock(PlanCustomers.BEGIN);
    private final InstanceQuotas server;
    private final AdmittedLane lane;
    private final UUID stream = UUID.randomUUID();
    private final List<Admitted> journal = new ArrayList<>();
    private @Nullable LeaseTerms present;
    private @Nullable LeaseTerms next;
    private BigDecimal spent = BigDecimal.ZERO;
    private BigDecimal spentNext = BigDecimal.ZERO;
    private long seq;
    private long request;

    Customer(String id, ZoneId zone, boolean isByPeriod) {
      this.id = id;
      this.key = "k-" + id;
      this.zone = zone;
      this.quota = "customer/" + id + "/calls";
      customers.create(id, zone.getId(), PlanCustomers.BEGIN);
      customers.key(id, "app-" + id, key, "sk-" + id);
      var unused = customers.subscribe(id, isByPeriod ? "by-period" : "by-month", ANCHOR);
      Quotas quotas = new Quotas(database, customers.source(), QuotaMeters.BY_RULE, clock);
      this.server = (InstanceQuotas) quotas.instances();
      this.lane = new AdmittedLane(database, List.of(quotas.counters()), 0, clock);
    }

    LeaseTerms lease(Instant at) {
      LeaseTerms known = isIn(present, at) ? present : isIn(next, at) ? next : null;
      BigDecimal already =
          known == null ? BigDecimal.ZERO : known.equals(present) ? spent : spentNext;
      LeaseAnswer answer =
          server
              .ask(
                  "i-1",
                  new LeaseQuestion(
                      ++request,
                      stream,
                      List.of(
                          new QuotaAsk(
                              quota,
                              known == null ? null : known.epoch(),
                              already,
                              BigDecimal.ONE,
                              Holding.OPEN,
                              at)),
                      List.of(),
                      List.of()))
              .get(0);
      LeaseTerms terms = answer.leases().get(0);
      if (terms.epoch() != null) {
        keep(terms);
      }
      return terms;
    }

    private void keep(LeaseTerms terms) {
      if (present == null || present.periodStart().equals(terms.periodStart())) {
        present = terms;
      } else if (next == null || next.periodStart().equals(terms.periodStart())) {
        next = terms;
      } else {
        present = next;
        spent = spentNext;
        next = terms;
        spentNext = BigDecimal.ZERO;
      }
    }

    private boolean isIn(@Nullable LeaseTerms terms, Instant at) {
      return terms != null && !at.isBefore(terms.periodStart()) && at.isBefore(terms.periodEnd());
    }

    /** From memory alone, as an SDK does. */
    boolean admits(Instant at) {
      LeaseTerms terms = isIn(present, at) ? present : isIn(next, at) ? next : null;
      if (terms == null) {
        return false;
      }
      boolean isPresent = terms.equals(present);
      BigDecimal already = isPresent ? spent : spentNext;
      if (terms.granted().compareTo(already.add(BigDecimal.ONE)) < 0) {
        return false;
      }
      if (isPresent) {
        spent = spent.add(BigDecimal.ONE);
      } else {
        spentNext = spentNext.add(BigDecimal.ONE);
      }
      journal.add(
          new Admitted(
              stream,
              "i-1",
              ++seq,
              key,
              BigDecimal.ONE,
              at,
              List.of(java.util.Objects.requireNonNull(terms.epoch()))));
      return true;
    }

    /** Admits until the quota is used up, and says how many. */
    long drain(Instant at) {
      long admitted = 0;
      for (boolean more = true; more; ) {
        var unused = lease(at);
        more = false;
        while (admits(at)) {
          admitted++;
          more = true;
        }
      }
      return admitted;
    }

    void deliver() throws Exception {
      var unused = lane.store(List.copyOf(journal));
      journal.clear();
    }

    void close() {
      lane.close();
    }
  }
}
