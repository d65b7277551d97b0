package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.Verification.Result;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Usage that is invoiced when it reaches an amount of its plan: each time, and all of it once,
 * whatever is used late or corrected. {@code -Dprogressive.seed} runs a seed again.
 */
@Tag("postgres")
class ProgressiveInvoicesTest {
  private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
  private static final int MONTHS = Integer.getInteger("progressive.months", 3);
  private static final int STEPS = 5;
  private static final int EVENTS = 6;

  private static final String PLANS =
      """
      meters:
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
        - {slug: calls, unit: call, value: one, aggregation: count}
      plans:
        - plan: %s
          name: Progressive
          currency: EUR
          interval: month
          entitlements: {models: all}
          progressiveBilling: {thresholds: [4, 9], every: 5}
          charges:
            - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: 2}}
            - id: tokens
              name: Tokens
              kind: metered
              meter: tokens
              price: {model: graduated, tiers: [{upTo: 100, unitPrice: 0.05}, {unitPrice: 0.013}]}
              minimum: 3
            - {id: calls, name: Calls, kind: metered, meter: calls, price: {model: unit, price: 0.7}}
      """;

  @TempDir Path directory;

  private InvoiceWorld world;
  private final Map<Instant, BigDecimal> used = new TreeMap<>();

  @BeforeEach
  void start() {
    world = new InvoiceWorld(directory);
    for (String plan : List.of("progressive", "other")) {
      var unused =
          new PlanImport(world.database, InvoiceWorld.TESTER)
              .run(
                  PlanFile.parse(PLANS.formatted(plan)),
                  new ImportOptions(true, MARCH.minusSeconds(1), false));
    }
    world.customer("c", "UTC", MARCH);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  /**
   * The amounts of a month as somebody would add them up on paper, and what is invoiced of them.
   */
  private final class Month {
    private BigDecimal tokens = BigDecimal.ZERO;
    private BigDecimal calls = BigDecimal.ZERO;

    /** Whether an invoice is due now; if so, it is taken as issued. */
    boolean isPassed(YearMonth month) {
      BigDecimal threshold = new BigDecimal("4");
      while (threshold.compareTo(tokens.add(calls)) <= 0) {
        threshold = threshold.add(new BigDecimal("5"));
      }
      BigDecimal tokensNow = tokens(month);
      BigDecimal callsNow = calls(month);
      if (tokensNow.add(callsNow).compareTo(threshold) < 0) {
        return false;
      }
      tokens = tokens.max(tokensNow);
      calls = calls.max(callsNow);
      return true;
    }
  }

  private List<BigDecimal> of(YearMonth month) {
    List<BigDecimal> found = new ArrayList<>();
    used.forEach(
        (at, usage) -> {
          if (YearMonth.from(at.atOffset(ZoneOffset.UTC)).equals(month) && usage.signum() > 0) {
            found.add(usage);
          }
        });
    return found;
  }

  private BigDecimal tokens(YearMonth month) {
    BigDecimal sum = of(month).stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal first = sum.min(new BigDecimal("100"));
    return first
        .multiply(new BigDecimal("0.05"))
        .add(sum.subtract(first).multiply(new BigDecimal("0.013")))
        .setScale(2, RoundingMode.HALF_UP);
  }

  private BigDecimal calls(YearMonth month) {
    return new BigDecimal("0.7").multiply(BigDecimal.valueOf(of(month).size())).setScale(2);
  }

  @Test
  void randomUsage_withThresholds_isInvoicedOnTheWayAndOnceInSum() throws Exception {
    long seed = Long.getLong("progressive.seed", System.nanoTime());
    System.out.println("progressive-invoices seed=" + seed);
    Random random = new Random(seed);
    var started = SubscriptionTime.start(world.database, "c", "progressive");
    assertThat(started.plan().progressive()).isNotNull();
    YearMonth month = YearMonth.of(2026, 3);
    int expected = 0;
    for (int i = 0; i < MONTHS; i++) {
      Month own = new Month();
      for (int step = 0; step < STEPS; step++) {
        act(random, month);
        assertThat(world.run().failed()).isZero();
        expected += own.isPassed(month) ? 1 : 0;
        assertThat(progress()).as("invoices on the way, seed %d", seed).hasSize(expected);
      }
      // What comes after the last run of the month is on its invoice.
      act(random, month);
      month = month.plusMonths(1);
      world.move("c", begin(month).plus(Duration.ofHours(2)));
      assertThat(world.run().failed()).isZero();
    }
    // What came last is settled with the invoice after it.
    world.move("c", begin(month.plusMonths(1)).plus(Duration.ofHours(2)));
    assertThat(world.run().failed()).isZero();
    int identical = identical();
    Proof.of("progressive-invoices")
        .with("events", used.size())
        .with("documents", world.of("c").size())
        .with("on_the_way", expected)
        .with("identical", identical)
        .with("billed_minor", billed())
        .with("seed", seed)
        .print();
    assertThat(billed()).isEqualTo(price(month).movePointRight(2).longValueExact());
    assertThat(identical).isEqualTo(world.of("c").size());
    assertThat(expected).isPositive();
  }

  /** Some usage, mostly of the month, and sometimes a correction. */
  private void act(Random random, YearMonth month) {
    for (int i = 0; i < random.nextInt(EVENTS); i++) {
      YearMonth of =
          random.nextInt(6) == 0 && month.getMonthValue() > 3 ? month.minusMonths(1) : month;
      Instant at = begin(of).plusMillis(random.nextLong(27 * 86_400_000L));
      BigDecimal usage = new BigDecimal(1 + random.nextInt(6_000)).movePointLeft(2);
      if (used.putIfAbsent(at, usage) == null) {
        world.use("c", at, usage.toPlainString());
      }
    }
    if (random.nextInt(3) == 0 && !used.isEmpty()) {
      List<Instant> times = new ArrayList<>(used.keySet());
      Instant at = times.get(random.nextInt(times.size()));
      BigDecimal usage = new BigDecimal(random.nextInt(10));
      BigDecimal before = used.getOrDefault(at, BigDecimal.ZERO);
      if (before.signum() > 0 && before.compareTo(usage) != 0) {
        world.correct("c", at, usage.toPlainString());
        used.put(at, usage);
      }
    }
  }

  /** Of all months before one, each with its minimum, and of one that had no usage. */
  private BigDecimal price(YearMonth before) {
    BigDecimal least = new BigDecimal("3");
    BigDecimal sum = least;
    for (YearMonth each = YearMonth.of(2026, 3); each.isBefore(before); each = each.plusMonths(1)) {
      sum = sum.add(tokens(each).max(least)).add(calls(each));
    }
    return sum;
  }

  /** All usage has gone by a correction: what was invoiced of it goes back by a credit note. */
  @Test
  void usage_thatIsCorrectedAfterItsInvoice_isGivenBackWithThePeriod() throws Exception {
    var started = SubscriptionTime.start(world.database, "c", "progressive");
    assertThat(started.plan().progressive()).isNotNull();
    Instant at = MARCH.plus(Duration.ofDays(3));
    world.use("c", at, "200");
    var unused = world.run();
    assertThat(progress()).hasSize(1);
    world.correct("c", at, "0");
    world.move("c", begin(YearMonth.of(2026, 4)).plus(Duration.ofHours(2)));
    assertThat(world.run().failed()).isZero();
    // 6.30 of tokens fell to the minimum of 3.00, and 0.70 of calls to nothing.
    assertThat(billed()).isEqualTo(300);
    assertThat(world.of("c")).extracting(Issued::kind).contains("credit_note");
    assertThat(identical()).isEqualTo(world.of("c").size());
  }

  /** The invoice stays what it was, and its key is credited where the part of the period ends. */
  @Test
  void otherPlan_afterAnInvoiceOnTheWay_leavesItAsItIs_andTheSumRight() throws Exception {
    Subscription subscription = SubscriptionTime.start(world.database, "c", "progressive");
    world.move("c", MARCH.plus(Duration.ofDays(10)));
    world.use("c", MARCH.plus(Duration.ofDays(3)), "50");
    world.use("c", MARCH.plus(Duration.ofDays(4)), "50");
    var unused = world.run();
    assertThat(progress()).hasSize(1);
    SubscriptionTime.switchNow(world.database, subscription.id(), "other");
    world.move("c", MARCH.plus(Duration.ofDays(20)));
    world.use("c", MARCH.plus(Duration.ofDays(15)), "100");
    var unusedToo = world.run();
    assertThat(progress()).hasSize(2);
    assertThat(identical()).isEqualTo(world.of("c").size());
    world.move("c", MARCH.plus(Duration.ofDays(25)));
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move("c", MARCH.plus(Duration.ofDays(26)));
    assertThat(world.run().failed()).isZero();
    // Of each part 5.00 of tokens; two calls, and one.
    assertThat(billed()).isEqualTo(500 + 140 + 500 + 70);
    assertThat(identical()).isEqualTo(world.of("c").size());
  }

  /** Also before the period is over. */
  @Test
  void explain_ofAnEventOnAnInvoiceOnTheWay_namesTheInvoice() throws Exception {
    var started = SubscriptionTime.start(world.database, "c", "progressive");
    assertThat(started.plan().progressive()).isNotNull();
    Instant first = MARCH.plus(Duration.ofDays(3));
    Instant second = MARCH.plus(Duration.ofDays(4));
    world.use("c", first, "100");
    var unused = world.run();
    world.use("c", second, "1");
    assertThat(explained(first).path("fate").asText()).isEqualTo("progress");
    assertThat(explained(first).at("/lines/0/documents/0/number").asText())
        .isEqualTo(progress().get(0).number());
    assertThat(explained(second).path("fate").asText()).isEqualTo("running");
  }

  private JsonNode explained(Instant at) {
    JsonNode event =
        world
            .http
            .get("/api/v1/events?appId=c&from=%s&to=%s".formatted(at, at.plusMillis(1)))
            .json()
            .at("/items/0");
    return world
        .http
        .get(
            "/api/v1/events/%s/%s/explanation"
                .formatted(event.path("stream").asText(), event.path("seq").asText()))
        .json();
  }

  /** The others are billed, and an operator sees the one that is not. */
  @Test
  void fault_ofOneCustomer_stopsThatInvoiceOnly_andIsListedUntilItIsIssued() throws Exception {
    world.customer("d", "UTC", MARCH);
    for (String each : List.of("c", "d")) {
      var started = SubscriptionTime.start(world.database, each, "progressive");
      assertThat(started.plan().progressive()).isNotNull();
      world.use(each, MARCH.plus(Duration.ofDays(3)), "100");
    }
    world.http.world().execute(FAULT);
    Progress withFault = world.run();
    assertThat(withFault.failed()).isEqualTo(1);
    assertThat(progress()).isEmpty();
    assertThat(world.of("d")).hasSize(2);
    JsonNode failure = failures().path("items").path(0);
    assertThat(failure.path("customerId").asText()).isEqualTo("c");
    assertThat(failure.path("reason").asText()).contains("SQLSTATE");
    assertThat(failure.path("to").asText()).isEqualTo("2026-04-01T00:00:00Z");

    world.http.world().execute("DROP TRIGGER fault ON invoice");
    assertThat(world.timed().invoices()).as("it rests").isZero();
    assertThat(world.run().failed()).isZero();
    assertThat(progress()).hasSize(1);
    assertThat(failures().path("items")).isEmpty();
  }

  private static final String FAULT =
      """
      CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.customer_id = 'c' AND NEW.document LIKE '%"kind":"progress"%' THEN
          RAISE EXCEPTION 'a fault';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER fault BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION fault();
      """;

  private JsonNode failures() {
    return world.http.get("/api/v1/invoices/failures").json();
  }

  /** The last invoice names each line that it credits. */
  @Test
  void lastInvoice_ofAPeriodWithInvoicesOnTheWay_creditsThemLineByLine() throws Exception {
    var started = SubscriptionTime.start(world.database, "c", "progressive");
    assertThat(started.plan().progressive()).isNotNull();
    world.use("c", MARCH.plus(Duration.ofDays(3)), "100");
    var unused = world.run();
    world.use("c", MARCH.plus(Duration.ofDays(4)), "1000");
    var unusedToo = world.run();
    assertThat(world.run().invoices()).isZero();
    world.move("c", begin(YearMonth.of(2026, 4)).plus(Duration.ofHours(2)));
    assertThat(world.run().failed()).isZero();
    List<String> credits = new ArrayList<>();
    for (JsonNode line : lines("progress_credit")) {
      credits.add(
          line.at("/detail/invoice").asText().replaceAll(".*-0*", "")
              + "/"
              + line.at("/detail/invoiceLine").asText()
              + " "
              + line.path("net").asText());
    }
    // The first document is the fee.
    assertThat(credits).containsExactly("2/1 -5.00", "3/1 -13.00", "2/2 -0.70", "3/2 -0.70");
    assertThat(world.of("c").get(world.of("c").size() - 1).net()).isEqualByComparingTo("2.00");
  }

  private static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private List<Issued> progress() {
    return world.of("c").stream()
        .filter(each -> each.document().contains("\"kind\":\"progress\""))
        .toList();
  }

  private List<JsonNode> lines(String kind) {
    List<JsonNode> lines = new ArrayList<>();
    for (Issued each : world.of("c")) {
      for (JsonNode line : InvoiceWorld.document(each).path("lines")) {
        if (line.path("kind").asText().equals(kind)) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  private int identical() {
    int identical = 0;
    for (Issued each : world.of("c")) {
      Verification made = world.invoices().verify(each.number());
      assertThat(made.differences()).as(each.number()).isEmpty();
      String events = world.invoices().events(each, 0);
      assertThat(InvoiceCheck.check(each.document(), events.lines()).differences())
          .as("without the server, %s", each.number())
          .isEmpty();
      identical += made.result() == Result.IDENTICAL ? 1 : 0;
    }
    return identical;
  }

  /** Of all usage: invoices less credit notes. */
  private long billed() throws Exception {
    return world
        .http
        .world()
        .count(
            """
            SELECT (100 * coalesce(sum(CASE WHEN refers_to IS NULL THEN net ELSE -net END),
              0))::bigint FROM invoice_line WHERE key LIKE 'usage/%'
            """);
  }
}
