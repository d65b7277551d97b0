package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.ledger.MeteredUsage.Evidence;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The digest of all events of a year of spans would be read again with each invoice. */
@Tag("postgres")
class EvidenceTest {
  private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

  @TempDir Path directory;

  @Test
  void make_withAnEarlierSpan_readsItsEventsOnlyIfItsAmountHasChanged() {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      world.customer("c", "UTC");
      Subscription subscription = world.subscribe("c");
      world.move("c", MAY);
      Asked asked = new Asked();
      assertThat(make(world, subscription, asked, "0.00").creditNotes()).isEmpty();
      assertThat(asked.evidence).containsExactly(APRIL);
      assertThat(make(world, subscription, asked, "-1.00").invoice().orElseThrow().lines())
          .extracting(Bill.Line::kind)
          .contains(Bill.BillLineKind.DELTA);
      assertThat(asked.evidence).containsExactly(APRIL, APRIL, InvoiceWorld.START);
    }
  }

  /** The bill of April, where March had this much on its invoices. */
  private static Bill make(InvoiceWorld world, Subscription of, Asked asked, String before) {
    Span march = new Span(of.id(), 2, InvoiceWorld.START, APRIL, 1, 2);
    Span april = new Span(of.id(), 3, APRIL, MAY, 2, 3);
    List<SubscriptionEvent> events = Bills.subscriptions(world.database).events(of.id(), 0, 100);
    return new BillMaker(
            Bills.subscriptions(world.database).require(of.id()),
            events,
            asked,
            new OneEarlier(march, Money.of("EUR", before)),
            ZoneOffset.UTC)
        .make(april, PeriodPart.COMPLETE);
  }

  /** No usage, and the beginning of each time whose events were read. */
  private static final class Asked implements UsageSource {
    private final List<Instant> evidence = new ArrayList<>();

    @Override
    public Usage usage(PlanCharge charge, Instant from, Instant to) {
      return Usage.none();
    }

    @Override
    public Evidence evidence(PlanCharge charge, Instant from, Instant to) {
      evidence.add(from);
      return Evidence.NONE;
    }
  }

  /** Books with one earlier span, and one amount for it. */
  private record OneEarlier(Span span, Money before) implements Books {
    @Override
    public List<Span> earlier() {
      return List.of(span);
    }

    @Override
    public Optional<List<Invoiced>> invoiced(LineKey key) {
      return Optional.of(List.of(new Invoiced("acme-000001", 1, before)));
    }

    @Override
    public Original original(String number) {
      throw new AssertionError("nothing is credited");
    }

    @Override
    public TaxRate tax(LocalDate day) {
      return TaxRate.of("O", "0");
    }
  }
}
