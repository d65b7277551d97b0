package io.billingsdk.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Order.OrderKind;
import io.billingsdk.server.subscriptions.SubscriptionView.CourseView;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Of a stored subscription: what a preview shows is byte by byte what the change at the same moment
 * answers and stores. Without a database, ten thousand histories are tried in {@code
 * HistoriesTest}.
 */
@Tag("postgres")
class PreviewIsExecutionTest {
  private static final int RUNS = Integer.getInteger("subscriptions.stored.runs", 30);
  private static final int RELEASE = 1_000;
  private static final int STEPS = 8;
  private static final List<String> PLANS = List.of("free", "pro", "enterprise");
  private static final List<String> ZONES =
      List.of("UTC", "Asia/Tokyo", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe");

  @Test
  void preview_ofAnyChange_isWhatIsStored() throws SQLException {
    long seed = Long.getLong("subscriptions.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int refused = 0;
    try (SubscriptionWorld world = new SubscriptionWorld()) {
      for (int run = 0; run < RUNS; run++) {
        String customer = "c" + run;
        world.surroundings.zone(customer, zone(random));
        UUID id = world.start(customer, PLANS.get(random.nextInt(3)));
        for (int step = 0; step < STEPS; step++) {
          move(world, customer, random);
          Alter order = order(random, world.surroundings.now);
          String preview = said(() -> world.subscriptions.preview(id, order));
          long before = world.subscriptions.require(id).revision();
          String done = said(() -> world.change(id, order));
          if (!preview.equals(done)) {
            wrong.add("seed " + seed + ": " + order + ": " + preview + " and " + done);
          }
          refused += done.startsWith("{") ? 0 : 1;
          compared++;
          stored(world, id, before, done, wrong);
        }
        wrong.addAll(world.contradictions(id));
      }
    }
    Proof.sized("subscription-preview", RUNS, RELEASE)
        .with("changes", compared)
        .with("refused", refused)
        .with("differ", wrong.size())
        .with("seed", seed)
        .print();
    assertThat(wrong.stream().limit(5)).isEmpty();
    assertThat(refused).isBetween(1, compared - 1);
  }

  /** The lines of the stored events are those of the answer. */
  private static void stored(
      SubscriptionWorld world, UUID id, long before, String done, List<String> wrong) {
    for (SubscriptionEvent event : world.subscriptions.events(id, before, 1_000)) {
      for (SubscriptionLine line : event.lines()) {
        if (!done.contains(text(SubscriptionView.LineView.of(line)))) {
          wrong.add("stored, not shown: " + line);
        }
      }
    }
  }

  private static void move(SubscriptionWorld world, String customer, Random random) {
    long hours = random.nextInt(4) == 0 ? 0 : random.nextInt(24 * 40);
    world.surroundings.now = world.surroundings.now.plus(Duration.ofHours(hours));
    if (random.nextInt(6) == 0) {
      world.surroundings.zone(customer, zone(random));
    }
  }

  private static ZoneId zone(Random random) {
    return ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
  }

  private static Alter order(Random random, Instant now) {
    OrderKind kind = random.nextInt(2) == 0 ? OrderKind.SWITCH : any(random);
    Timing timing =
        random.nextInt(2) == 0 ? null : random.nextBoolean() ? Timing.NOW : Timing.AT_PERIOD_END;
    return new Alter(
        kind,
        kind == OrderKind.SWITCH ? PLANS.get(random.nextInt(3)) : null,
        null,
        kind.hasTiming() ? timing : null,
        kind == OrderKind.BILL_DAY ? 1 + random.nextInt(31) : null,
        null,
        now.minusSeconds(random.nextInt(2) * 60L));
  }

  private static OrderKind any(Random random) {
    List<OrderKind> kinds = List.of(OrderKind.values());
    return kinds.get(random.nextInt(kinds.size()));
  }

  private static String said(Supplier<Course> course) {
    try {
      return text(CourseView.of(course.get(), /* isStored= */ true));
    } catch (RequestRefusedException refused) {
      return refused.getMessage();
    }
  }

  private static String text(Object view) {
    return new String(Json.bytes(view), StandardCharsets.UTF_8);
  }
}
