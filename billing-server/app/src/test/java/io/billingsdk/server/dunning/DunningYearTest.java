package io.billingsdk.server.dunning;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.dunning.AttemptRows.Attempt;
import io.billingsdk.server.dunning.ChargeAttempts.AttemptOutcome;
import io.billingsdk.server.dunning.ChargeAttempts.Declined;
import io.billingsdk.server.dunning.ChargeAttempts.Succeeded;
import io.billingsdk.server.dunning.RetryCases.Decline;
import io.billingsdk.server.entitlements.CustomerBlocks;
import io.billingsdk.server.payments.PaymentWorld;
import io.billingsdk.server.payments.RealInvoices;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A year by test clocks, in zones with and without summer time and in currencies with and without
 * decimals: attempts, reminders, blocks and releases on the days that a naive oracle says.
 */
@Tag("postgres")
class DunningYearTest {
  private static final int DAYS = 365;
  private static final LocalDate BEGIN = LocalDate.of(2026, 12, 1);
  private static final List<Integer> RETRIES = List.of(1, 3, 5, 7);
  private static final int BLOCKED_AFTER = 15;
  private static final int PAID_AFTER = 20;

  /** Customers with their zones; each has the currency of its name. */
  private static final Map<String, String> ZONES =
      new TreeMap<>(
          Map.of("usd", "America/New_York", "jpy", "Pacific/Auckland", "kwd", "Europe/Berlin"));

  @TempDir Path directory;

  private final Map<String, Story> stories = new TreeMap<>();
  private PaymentWorld world;
  private RetryCases cases;
  private int reminders;
  private int blockedDays;
  private int releases;

  /** What is to happen to an invoice: the outcome of each attempt. */
  private static final class Story {
    final LocalDate begun;
    final LocalDate due;
    final List<DeclineKind> declines = new ArrayList<>();
    final boolean isPaidInTheEnd;

    Story(LocalDate begun, LocalDate due, Random random) {
      this.begun = begun;
      this.due = due;
      for (int i = 0; i <= RETRIES.size(); i++) {
        int roll = random.nextInt(10);
        declines.add(
            roll == 0 ? DeclineKind.HARD : roll < 6 ? DeclineKind.FUNDS : DeclineKind.TEMPORARY);
      }
      this.isPaidInTheEnd = random.nextInt(3) > 0;
    }

    /** How many attempts are declined; the one after them succeeds if it is allowed. */
    int declined() {
      int hard = declines.indexOf(DeclineKind.HARD);
      int most = hard < 0 ? declines.size() : hard + 1;
      return isPaidInTheEnd && hard < 0 ? Math.min(most, 1 + due.getDayOfMonth() % 4) : most;
    }

    /** The days of the retries, by the table. */
    List<String> expected() {
      List<String> days = new ArrayList<>();
      boolean isHard = declines.get(0) == DeclineKind.HARD;
      for (int i = 0; i < RETRIES.size() && !isHard; i++) {
        days.add(begun.plusDays(RETRIES.get(i)).toString());
        int attempt = i + 2;
        if (attempt > declined()) {
          return days;
        }
        isHard = declines.get(attempt - 1) == DeclineKind.HARD;
      }
      return days;
    }
  }

  @BeforeEach
  void open() {
    world = new PaymentWorld(directory);
    cases = new RetryCases(world.database, PaymentWorld.TESTER);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void year_ofDeclinedCharges_happensOnTheDaysOfTheTable() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RealInvoices invoices =
        new RealInvoices(
            world,
            PaymentWorld.START.minusSeconds(86_400),
            Map.of("USD", "49.99", "JPY", "5000", "KWD", "12.345"));
    ZONES.forEach(
        (customer, zone) -> {
          world.customer(
              customer,
              zone,
              customer.toUpperCase(Locale.ROOT),
              BEGIN.atTime(6, 0).atZone(ZoneId.of(zone)).toInstant());
          invoices.first(customer, customer);
          begin(customer, BEGIN, random, seed);
        });
    Retries retries =
        new Retries(
            world.database,
            InstantSource.system(),
            new ScriptedCharges(world, (number, attempt) -> outcome(number, attempt)));
    for (int i = 1; i < DAYS; i++) {
      for (String customer : ZONES.keySet()) {
        day(customer, BEGIN.plusDays(i), invoices, retries, random, seed);
      }
    }
    int attempts = 0;
    for (Map.Entry<String, Story> each : stories.entrySet()) {
      attempts += judged(each.getKey(), each.getValue(), seed);
    }
    report(attempts, seed);
  }

  private AttemptOutcome outcome(String number, int attempt) {
    Story story = java.util.Objects.requireNonNull(stories.get(number));
    return attempt > story.declined()
        ? new Succeeded()
        : new Declined(story.declines.get(attempt - 1), "code");
  }

  private void day(
      String customer,
      LocalDate day,
      RealInvoices invoices,
      Retries retries,
      Random random,
      long seed) {
    ZoneId zone = ZoneId.of(String.valueOf(ZONES.get(customer)));
    world.move(customer, day.atTime(7, 0).atZone(zone).toInstant());
    if (day.getDayOfMonth() == 1) {
      SubscriptionTime.catchUp(world.database, customer);
      invoices.next(customer);
      begin(customer, day, random, seed);
    }
    retries.lookAt(customer);
    boolean wasBlocked = isBlocked(customer);
    assertThat(wasBlocked).as("%s %s seed %d", customer, day, seed).isEqualTo(owes(customer, day));
    blockedDays += wasBlocked ? 1 : 0;
    for (String number : world.open(customer).keySet()) {
      Story story = java.util.Objects.requireNonNull(stories.get(number));
      if (day.equals(story.due.plusDays(PAID_AFTER))) {
        world.payAll(number);
      }
    }
    // Released in the transaction of the payment.
    boolean isBlocked = isBlocked(customer);
    assertThat(isBlocked).as("%s %s seed %d", customer, day, seed).isEqualTo(owes(customer, day));
    releases += wasBlocked && !isBlocked ? 1 : 0;
  }

  private boolean owes(String customer, LocalDate day) {
    return world.open(customer).values().stream()
        .anyMatch(due -> !day.isBefore(due.plusDays(BLOCKED_AFTER)));
  }

  private boolean isBlocked(String customer) {
    return !new CustomerBlocks(world.database, PaymentWorld.TESTER).of(customer).isEmpty();
  }

  /** The first charge of a new invoice is declined. */
  private void begin(String customer, LocalDate day, Random random, long seed) {
    world
        .open(customer)
        .forEach(
            (number, due) -> {
              if (!stories.containsKey(number)) {
                Story story = new Story(day, due, random);
                stories.put(number, story);
                cases.declined(new Decline(number, customer, 1, story.declines.get(0), "code"));
              }
            });
    assertThat(stories).as("seed %d", seed).isNotEmpty();
  }

  /** How many retries it had, on the right days. */
  private int judged(String number, Story story, long seed) {
    LocalDate last = BEGIN.plusDays(DAYS - 1);
    List<String> expected =
        story.expected().stream().filter(each -> !LocalDate.parse(each).isAfter(last)).toList();
    List<String> made =
        cases.attempts(number).stream()
            .filter(each -> each.attempt() > 1)
            .map(Attempt::day)
            .map(LocalDate::toString)
            .toList();
    assertThat(made).as("%s %s seed %d", number, story.declines, seed).isEqualTo(expected);
    boolean isCharged = story.expected().size() + 1 > story.declined();
    List<String> steps = isCharged ? List.of() : steps(story, last);
    assertThat(sent(number)).as("%s seed %d", number, seed).isEqualTo(steps);
    reminders += steps.size();
    return made.size();
  }

  private static List<String> steps(Story story, LocalDate last) {
    Map<Integer, String> table =
        new TreeMap<>(Map.of(-3, "before", 0, "due", 3, "first", 7, "second", 15, "past_due"));
    List<String> steps = new ArrayList<>();
    table.forEach(
        (days, step) -> {
          if (!story.due.plusDays(days).isAfter(last)) {
            steps.add(step);
          }
        });
    return steps;
  }

  private List<String> sent(String number) {
    return world.database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT payload->>'step' AS step FROM outbox_event WHERE"
                        + " payload->>'number' = :number AND payload->>'step' IS NOT NULL"
                        + " ORDER BY position")
                .bind("number", number)
                .map(ResultRow.to(row -> row.text("step")))
                .list());
  }

  private void report(int attempts, long seed) {
    Proof.of("dunning")
        .with("days", DAYS)
        .with("customers", ZONES.size())
        .with("invoices", stories.size())
        .with("retries", attempts)
        .with("reminders", reminders)
        .with("blocked_days", blockedDays)
        .with("releases", releases)
        .with("wrong", 0)
        .with("seed", seed)
        .print();
    assertThat(attempts).isPositive();
    assertThat(blockedDays).isPositive();
  }
}
