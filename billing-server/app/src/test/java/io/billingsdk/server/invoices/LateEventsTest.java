package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.invoices.Verification.Result;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events before and after the issue of their invoice, and corrections: {@code -Dlate.seed}. */
@Tag("postgres")
class LateEventsTest {
  private static final int MONTHS = 5;
  private static final int EVENTS = 30;

  @TempDir Path directory;

  private final Map<Instant, BigDecimal> used = new TreeMap<>();

  @Test
  void invoicesAndCreditNotes_overLateAndCorrectedEvents_addUpToThePriceOfTheLedger()
      throws Exception {
    long seed = Long.getLong("late.seed", System.nanoTime());
    System.out.println("late-events seed=" + seed);
    Random random = new Random(seed);
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      world.customer("c", "UTC");
      world.subscribe("c");
      Instant now = InvoiceWorld.START;
      int corrections = 0;
      for (int month = 1; month <= MONTHS; month++) {
        Instant next = now.plus(Duration.ofDays(31));
        for (int i = 0; i < EVENTS; i++) {
          use(world, random, next);
        }
        for (int i = 0; i < EVENTS / 4; i++) {
          corrections += correct(world, random);
        }
        world.move("c", next);
        world.run();
        now = next;
      }
      // What came last is settled with the invoice after it.
      world.move("c", now.plus(Duration.ofDays(32)));
      assertThat(world.run().failed()).isZero();
      int identical = 0;
      for (Issued each : world.of("c")) {
        identical += world.invoices().verify(each.number()).result() == Result.IDENTICAL ? 1 : 0;
      }
      long billed =
          world
              .http
              .world()
              .count(
                  """
                  SELECT (100 * coalesce(sum(CASE WHEN refers_to IS NULL THEN net ELSE -net END),
                    0))::bigint FROM invoice_line WHERE key LIKE 'usage/%'
                  """);
      Proof.of("late-events")
          .with("events", used.size())
          .with("corrections", corrections)
          .with("documents", world.of("c").size())
          .with("identical", identical)
          .with("billed_minor", billed)
          .with("seed", seed)
          .print();
      assertThat(billed).isEqualTo(price().movePointRight(2).longValueExact());
      assertThat(identical).isEqualTo(world.of("c").size());
    }
  }

  /** Anywhere between the start and a moment, and so mostly of periods that are billed. */
  private void use(InvoiceWorld world, Random random, Instant before) {
    long range = Duration.between(InvoiceWorld.START, before).toMillis();
    Instant at = InvoiceWorld.START.plusMillis(random.nextLong(range));
    BigDecimal usage = new BigDecimal(1 + random.nextInt(9_000)).movePointLeft(2);
    if (used.putIfAbsent(at, usage) == null) {
      world.use("c", at, usage.toPlainString());
    }
  }

  private int correct(InvoiceWorld world, Random random) {
    List<Instant> times = new ArrayList<>(used.keySet());
    Instant at = times.get(random.nextInt(times.size()));
    BigDecimal usage = new BigDecimal(random.nextInt(60));
    BigDecimal before = used.getOrDefault(at, BigDecimal.ZERO);
    if (before.signum() == 0 || before.compareTo(usage) == 0) {
      return 0;
    }
    world.correct("c", at, usage.toPlainString());
    used.put(at, usage);
    return 1;
  }

  /** Of each month 100 at 0.05, the rest at 0.013. */
  private BigDecimal price() {
    Map<YearMonth, BigDecimal> months = new TreeMap<>();
    used.forEach(
        (at, usage) ->
            months.merge(YearMonth.from(at.atOffset(ZoneOffset.UTC)), usage, BigDecimal::add));
    BigDecimal hundred = new BigDecimal("100");
    BigDecimal sum = BigDecimal.ZERO;
    for (BigDecimal month : months.values()) {
      BigDecimal first = month.min(hundred).multiply(new BigDecimal("0.05"));
      BigDecimal rest = month.subtract(hundred).max(BigDecimal.ZERO);
      sum =
          sum.add(
              first.add(rest.multiply(new BigDecimal("0.013"))).setScale(2, RoundingMode.HALF_UP));
    }
    return sum;
  }
}
