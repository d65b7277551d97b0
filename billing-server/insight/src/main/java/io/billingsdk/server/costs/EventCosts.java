package io.billingsdk.server.costs;

import io.billingsdk.server.costs.CostPricer.Priced;
import io.billingsdk.server.costs.CostRow.CostAmount;
import io.billingsdk.server.costs.CostRow.CostOwner;
import io.billingsdk.server.costs.CostRow.CostUse;
import io.billingsdk.server.costs.CostRow.CostWhat;
import io.billingsdk.server.costs.CostRow.PriceHints;
import io.billingsdk.server.costs.UseReader.ReadUse;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Makes the cost of an event: a pure function. */
final class EventCosts {
  private EventCosts() {}

  static CostRow of(QueuedEvent event, CostPricer pricer) {
    Metadata metadata = Metadata.of(event.metadata());
    CostWhat what = what(event, metadata);
    ReadUse read = UseReader.read(event, metadata);
    Priced priced = pricer.price(what, event.at(), read.use(), read.adapter(), read.problem());
    // A correction states no cost of its own: the metadata is that of the event.
    BigDecimal reported = isCorrection(event) ? null : metadata.number("reported_cost");
    CostUse use =
        new CostUse(
            read.use().quantity(), read.use().unit(), read.use().durationMillis(), priced.usage());
    CostAmount amount =
        pricer.amount(
            priced,
            use.quantity(),
            read.adapter(),
            reported,
            reported == null ? null : metadata.text("reported_currency", "USD"));
    return new CostRow(
        new EventId(event.streamId(), event.seq()),
        event.at(),
        1,
        owner(event),
        what,
        amount,
        use,
        event.metadata());
  }

  static CostOwner owner(QueuedEvent event) {
    return new CostOwner(
        event.app(), event.key(), event.subject(), event.session(), event.execution());
  }

  /** The cost by other prices; the use is that of the row. */
  static CostRow again(CostRow row, CostPricer pricer) {
    Priced priced = priced(row, pricer);
    CostAmount before = row.cost();
    CostAmount amount =
        pricer.amount(
            priced,
            row.use().quantity(),
            before.pins().adapter(),
            before.reported(),
            before.reportedCurrency());
    return row.revised(row.owner(), amount, priced.usage());
  }

  static Priced priced(CostRow row, CostPricer pricer) {
    String adapter = row.cost().pins().adapter();
    boolean isRefused = adapter.equals(UseReader.REFUSED);
    return pricer.price(
        row.what(), row.at(), row.use(), adapter, isRefused ? row.cost().reason() : null);
  }

  private static boolean isCorrection(QueuedEvent event) {
    return event.kind() == AppendKind.CORRECTION;
  }

  private static CostWhat what(QueuedEvent event, Metadata metadata) {
    String model = orEmpty(event.model());
    String category = metadata.text("prompt_category");
    String name = metadata.text("prompt_name");
    boolean isPrompt = category != null && name != null;
    String usual = isPrompt ? model + "_" + category + "_" + name : model;
    PriceHints hints =
        new PriceHints(
            metadata.text("provider"),
            metadata.text("service_tier", "standard"),
            metadata.text("region"));
    return new CostWhat(
        orEmpty(event.module()), model, metadata.text("operation", usual), isPrompt, hints);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
