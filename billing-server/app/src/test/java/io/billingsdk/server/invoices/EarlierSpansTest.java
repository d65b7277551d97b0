package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.ledger.Cuts;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.subscriptions.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which billed times are rated again: those with a change since, and no other. */
@Tag("postgres")
class EarlierSpansTest {
  private static final Instant IN_APRIL = Instant.parse("2026-04-10T09:00:00Z");
  private static final int MARCH = 2;
  private static final int APRIL = 3;

  @TempDir Path directory;

  private InvoiceWorld world;
  private Subscription subscription;

  @BeforeEach
  void start() throws Exception {
    world = new InvoiceWorld(directory);
    subscription = world.used("c");
    world.use("c", IN_APRIL, "3");
    world.move("c", Instant.parse("2026-05-02T00:00:00Z"));
    world.run();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void changed_withoutNewerUsage_isEmpty() {
    world.use("c", Instant.parse("2026-05-01T00:30:00Z"), "1");
    assertThat(changed(MeterQuery.NOW)).isEmpty();
  }

  @Test
  void changed_afterALateEventAndACorrection_hasTheirSpans() throws Exception {
    world.use("c", InvoiceWorld.IN_MARCH.plus(Duration.ofDays(1)), "1");
    assertThat(changed(MeterQuery.NOW)).containsExactly(MARCH);
    long cut = new Cuts(world.database).make();
    world.correct("c", IN_APRIL, "2");
    assertThat(changed(MeterQuery.NOW)).containsExactly(MARCH, APRIL);
    assertThat(changed(cut)).containsExactly(MARCH);
  }

  @Test
  void changed_afterTheNextBill_isEmptyAgain() throws Exception {
    world.use("c", InvoiceWorld.IN_MARCH.plus(Duration.ofDays(1)), "1");
    world.move("c", Instant.parse("2026-06-02T00:00:00Z"));
    world.run();
    assertThat(changed(MeterQuery.NOW)).isEmpty();
  }

  @Test
  void changed_afterAnAppCameWithEffectBeforeTheBill_hasAll() {
    new KeyAdmin(world.database, null, InvoiceWorld.TESTER).createApp("other", "Other");
    Customers customers = new Customers(world.database, InvoiceWorld.TESTER);
    customers.assign("c", "other", Instant.parse("2026-05-01T00:00:00Z"));
    assertThat(changed(MeterQuery.NOW)).isEmpty();
    new KeyAdmin(world.database, null, InvoiceWorld.TESTER).createApp("third", "Third");
    customers.assign("c", "third", IN_APRIL);
    assertThat(changed(MeterQuery.NOW)).containsExactly(MARCH, APRIL);
  }

  /** The numbers of the spans that the bill of May rates again. */
  private List<Integer> changed(long cut) {
    Instant begin = Instant.parse("2026-05-01T00:00:00Z");
    Span may = new Span(subscription.id(), 99, begin, begin, 90, 91);
    EarlierSpans earlier =
        new EarlierSpans(
            world.database, new Customers(world.database, InvoiceWorld.TESTER).spans("c"), cut);
    return world.database.read(
        handle ->
            earlier.changed(may, SpanRows.settled(handle, subscription.id())).stream()
                .map(Span::number)
                .toList());
  }
}
