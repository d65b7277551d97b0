package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.CreditableInvoice;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.invoices.Bill.BillLineKind;
import io.billingsdk.server.invoices.Bill.BillSums;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bill.Reference;
import io.billingsdk.server.invoices.Books.Invoiced;
import io.billingsdk.server.invoices.Books.Original;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.SubscriptionLine;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bill of a span: a pure function of the history of the subscription, the plan versions,
 * what meters show up to a cut, and the books. A draft, an issue and a verification call it alike.
 */
final class BillMaker {
  /** Of how this class reckons; a change of an amount needs another one. */
  static final String VERSION = "1";

  private final Subscription subscription;
  private final List<SubscriptionEvent> events;
  private final UsageSource source;
  private final Books books;
  private final ZoneId zone;
  private final Money zero;

  /**
   * Of a subscription.
   *
   * @param events its history up to the end of the span
   * @param zone of the seller, whose days are tax points
   */
  BillMaker(
      Subscription subscription,
      List<SubscriptionEvent> events,
      UsageSource source,
      Books books,
      ZoneId zone) {
    this.subscription = subscription;
    this.events = events;
    this.source = source;
    this.books = books;
    this.zone = zone;
    this.zero = Money.zero(subscription.currency());
  }

  /** The bill of a span; of one that runs, as it is so far, which may be below 0. */
  Bill make(Span span, PeriodPart progress) {
    List<Line> lines = new ArrayList<>();
    for (RatedUsage each : rating().rate(span, progress)) {
      BillLineKind kind = each.charge().isEmpty() ? BillLineKind.TRUE_UP : BillLineKind.USAGE;
      lines.add(usage(kind, each, each.details().get(), each.amount()));
    }
    lines.addAll(fees(span));
    List<LineKey> used = new ArrayList<>();
    Reductions reductions = new Reductions(zero);
    for (Span each : books.earlier()) {
      for (RatedUsage rated : rating().rate(each, PeriodPart.COMPLETE)) {
        delta(rated, lines, reductions, used);
      }
    }
    if (progress == PeriodPart.COMPLETE && sum(lines).signum() < 0) {
      giveBack(lines, reductions, used);
    }
    boolean isNothing = lines.stream().allMatch(line -> line.net().signum() == 0);
    if (isNothing || progress != PeriodPart.COMPLETE || !isMixed(lines)) {
      Optional<Paper> invoice = isNothing ? Optional.empty() : Optional.of(invoice(lines));
      return new Bill(invoice, Optional.empty(), creditNotes(reductions), used);
    }
    return new Bill(
        Optional.of(part(lines, each -> !isOutside(each))),
        Optional.of(part(lines, BillMaker::isOutside)),
        creditNotes(reductions),
        used);
  }

  /** EN 16931, BR-O-11: lines outside of the scope of a tax are never with others. */
  private static boolean isMixed(List<Line> lines) {
    long outside = lines.stream().filter(BillMaker::isOutside).count();
    return outside > 0 && outside < lines.size();
  }

  private static boolean isOutside(Line line) {
    return line.tax().category().equals("O");
  }

  private Paper part(List<Line> all, Predicate<Line> which) {
    List<Line> lines = all.stream().filter(which).toList();
    if (sum(lines).signum() < 0) {
      throw new IllegalStateException(
          "the lines add up to "
              + sum(lines)
              + " where they "
              + (isOutside(lines.get(0)) ? "are" : "are not")
              + " outside of the scope of a tax, and cannot be an invoice");
    }
    return invoice(lines);
  }

  private SpanRating rating() {
    return new SpanRating(subscription, source, events);
  }

  private void delta(
      RatedUsage rated, List<Line> lines, Reductions reductions, List<LineKey> used) {
    Optional<List<Invoiced>> entries = books.invoiced(rated.key());
    if (entries.isEmpty()) {
      return;
    }
    Money before = entries.get().stream().map(Invoiced::left).reduce(zero, Money::plus);
    Money difference = rated.amount().minus(before);
    if (difference.signum() == 0) {
      return;
    }
    used.add(rated.key());
    ObjectNode detail = CanonicalJson.object();
    detail.put("dueNow", DetailJson.amount(rated.amount()));
    detail.put("invoicedBefore", DetailJson.amount(before));
    rated.details().get().properties().forEach(each -> detail.set(each.getKey(), each.getValue()));
    Line line = usage(BillLineKind.DELTA, rated, detail, difference);
    if (difference.signum() > 0) {
      lines.add(line);
    } else {
      reductions.add(line, difference.negated(), entries.get());
    }
  }

  private Line usage(BillLineKind kind, RatedUsage rated, ObjectNode detail, Money net) {
    UsagePart part = rated.part();
    return new Line(
        kind,
        rated.key(),
        part.plan().plan(),
        part.plan().version(),
        rated.charge(),
        rated.name(),
        part.from(),
        part.to(),
        part.share(),
        detail,
        net,
        zero,
        // The last moment of the service, whose day is the tax point.
        tax(part.to().minusNanos(1)),
        null,
        grounds(part.to().minusNanos(1)));
  }

  private List<Line> fees(Span span) {
    List<Line> fees = new ArrayList<>();
    for (SubscriptionEvent event : events) {
      if (span.holds(event.number())) {
        event.lines().forEach(line -> fees.add(fee(line, event.at())));
      }
    }
    return fees;
  }

  private Line fee(SubscriptionLine line, Instant due) {
    Instant point =
        line.kind() == SubscriptionLine.LineKind.ARREARS ? line.to().minusNanos(1) : due;
    return new Line(
        BillLineKind.valueOf(line.kind().name()),
        LineKey.fee(line),
        line.plan(),
        line.version(),
        line.charge(),
        line.name(),
        line.from(),
        line.to(),
        line.share(),
        null,
        line.amount(),
        zero,
        tax(point),
        null,
        grounds(point));
  }

  /** A sum below 0 is no invoice: credit notes give back as many credits as it takes. */
  private void giveBack(List<Line> lines, Reductions reductions, List<LineKey> used) {
    for (Line line : List.copyOf(lines)) {
      if (sum(lines).signum() >= 0) {
        // The rest is a line of this invoice: a fee that it credits may be one of its own.
        return;
      }
      if (line.kind() != BillLineKind.CREDIT || line.net().signum() == 0) {
        continue;
      }
      List<Invoiced> entries = books.invoiced(line.key()).orElse(List.of());
      Money amount = line.net().negated();
      if (reductions.left(entries).compareTo(amount) >= 0) {
        lines.remove(line);
        used.add(line.key());
        reductions.add(line, amount, entries);
      }
    }
    if (sum(lines).signum() < 0) {
      throw new IllegalStateException(
          "the lines add up to " + sum(lines) + ", and no earlier invoice has that much to credit");
    }
  }

  private Paper invoice(List<Line> lines) {
    InvoiceTotals totals =
        InvoiceTotals.of(
            lines.stream().map(line -> InvoiceLine.of(line.net(), line.tax())).toList());
    BillSums sums =
        new BillSums(
            totals.net(),
            totals.discount(),
            totals.taxable(),
            totals.groups(),
            totals.tax(),
            totals.total(),
            totals.prepaid(),
            totals.due());
    return new Paper(lines, sums, null);
  }

  /** One for each invoice that has something too much; of several the latest ones first. */
  private List<Paper> creditNotes(Reductions reductions) {
    List<Paper> notes = new ArrayList<>();
    reductions
        .byInvoice()
        .forEach((number, lines) -> notes.add(creditNote(books.original(number), lines)));
    return notes;
  }

  private Paper creditNote(Original original, List<Line> lines) {
    List<Money> nets = new ArrayList<>();
    original.lines().forEach(line -> nets.add(zero));
    for (Line line : lines) {
      int place = place(line);
      nets.set(place, nets.get(place).plus(line.net()));
    }
    CreditableInvoice.Note note = original.creditable().credit(nets).note();
    Money net = note.nets().stream().reduce(zero, Money::plus);
    BillSums sums =
        new BillSums(
            net,
            net.minus(note.taxable()),
            note.taxable(),
            note.groups(),
            note.tax(),
            note.total(),
            zero,
            note.total());
    return new Paper(
        lines.stream().map(line -> ofOriginal(line, original, note)).toList(), sums, original);
  }

  /** With the tax of the line that it credits, and the part of the discount on it. */
  private static Line ofOriginal(Line line, Original original, CreditableInvoice.Note note) {
    int place = place(line);
    return new Line(
        line.kind(),
        line.key(),
        line.plan(),
        line.version(),
        line.charge(),
        line.name(),
        line.from(),
        line.to(),
        line.share(),
        line.detail(),
        line.net(),
        note.discountParts().get(place),
        original.lines().get(place).taxes().get(0),
        line.refers(),
        original.tax().grounds().get(place));
  }

  private static int place(Line line) {
    @Nullable Reference refers = line.refers();
    if (refers == null) {
      throw new IllegalStateException("a line of a credit note refers to no invoice: " + line);
    }
    return refers.line() - 1;
  }

  private Money sum(List<Line> lines) {
    return lines.stream().map(Line::net).reduce(zero, Money::plus);
  }

  private TaxRate tax(Instant point) {
    return books.tax(point.atZone(zone).toLocalDate());
  }

  private @Nullable TaxGrounds grounds(Instant point) {
    return books.grounds(point.atZone(zone).toLocalDate());
  }
}
