package io.billingsdk.server.quotas;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.PlanTerms;
import io.billingsdk.server.subscriptions.Subscriptions;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two changes at once leave keys and quotas as one of their orders would. */
@Tag("postgres")
class ChangesAtOnceTest {
  private static final int ROUNDS = 10;
  private static final LocalDate ANCHOR = LocalDate.of(2098, 1, 1);

  private static final Map<String, String> LIMITS =
      Map.of("small", "10", "large", "20", "huge", "30");

  private static final String PLAN =
      """
        - plan: %1$s
          name: %1$s
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: calls, limit: %2$s, mode: hard}]
      """;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Database database;
  private PlanCustomers customers;

  @BeforeEach
  void start() throws Exception {
    database = Testbed.get().world().database();
    StringBuilder plans =
        new StringBuilder(
            """
            meters:
              - {slug: calls, unit: call, value: one, aggregation: count}
            plans:
            """);
    LIMITS.forEach((plan, limit) -> plans.append(PLAN.formatted(plan, limit)));
    customers = new PlanCustomers(database, plans.toString());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    database.close();
  }

  /** Whether each of them was done, or refused. */
  private List<Boolean> together(Runnable... changes) throws Exception {
    CyclicBarrier begin = new CyclicBarrier(changes.length);
    List<Future<Boolean>> running = new ArrayList<>();
    for (Runnable each : changes) {
      Callable<Boolean> change =
          () -> {
            int unused = begin.await(60, TimeUnit.SECONDS);
            try {
              each.run();
              return true;
            } catch (RequestRefusedException refused) {
              return false;
            }
          };
      running.add(threads.submit(change));
    }
    List<Boolean> done = new ArrayList<>();
    for (Future<Boolean> each : running) {
      done.add(each.get(60, TimeUnit.SECONDS));
    }
    return done;
  }

  private List<QuotaRule> rules(String key) {
    return Optional.ofNullable(
            database.read(handle -> customers.source().ofKeys(handle, List.of(key))).get(key))
        .map(KeyTerms::rules)
        .orElse(List.of());
  }

  private List<BlockCause> causes(String key) {
    return new KeyAdmin(database, null).one(key).orElseThrow().causes();
  }

  private UUID customer(String id, String app, String plan) {
    customers.create(id, "UTC", PlanCustomers.BEGIN);
    customers.key(id, app, "k-" + app, "sk-" + app);
    return customers.subscribe(id, plan, ANCHOR);
  }

  @Test
  void move_ofAnApp_whileTheSubscriptionIsCancelled_leavesTheAppThePlanOfItsNewCustomer()
      throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      String app = "moved-" + i;
      UUID left = customer("old-" + i, app, "small");
      customers.key("old-" + i, "stays-" + i, "k-stays-" + i, "sk-stays-" + i);
      var unused = customer("new-" + i, "own-" + i, "large");
      String next = "new-" + i;
      List<Boolean> done =
          together(
              () -> customers.move(app, next),
              () -> customers.cancelNow(left),
              customers::giveMovedApps);
      assertThat(done).containsOnly(true);
      customers.giveMovedApps();

      assertThat(rules("k-" + app))
          .extracting(QuotaRule::id)
          .containsExactly("customer/" + next + "/calls");
      assertThat(causes("k-" + app)).isEmpty();
      assertThat(causes("k-own-" + i)).isEmpty();
      assertThat(causes("k-stays-" + i)).containsExactly(BlockCause.PLAN);
    }
    Proof.of("quota-moves-at-once").with("rounds", ROUNDS).with("wrong", 0).print();
  }

  @Test
  void twoSwitches_atOnce_leaveKeysAndQuotasThePlanOfTheSubscription() throws Exception {
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String app = "app-" + i;
      UUID id = customer("c-" + i, app, "small");
      List<Boolean> done =
          together(() -> customers.switchNow(id, "large"), () -> customers.switchNow(id, "huge"));
      assertThat(done).contains(true);
      refused += done.contains(false) ? 1 : 0;

      PlanVersion plan =
          new Subscriptions(database, new Actor("tester"), List.of()).require(id).plan();
      BigDecimal limit = new BigDecimal(String.valueOf(LIMITS.get(plan.plan())));
      assertThat(rules("k-" + app))
          .singleElement()
          .satisfies(rule -> assertThat(rule.terms().limit()).isEqualByComparingTo(limit));
      PlanTerms terms = new KeyAdmin(database, null).one("k-" + app).orElseThrow().plan();
      assertThat(requireNonNull(terms).quotas())
          .singleElement()
          .satisfies(quota -> assertThat(quota.limit()).isEqualByComparingTo(limit));
    }
    Proof.of("quota-switches-at-once")
        .with("rounds", ROUNDS)
        .with("refused", refused)
        .with("wrong", 0)
        .print();
  }
}
