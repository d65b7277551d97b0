package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.CreditableInvoice;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.server.credits.CreditState;
import io.billingsdk.server.invoices.Bill.BillLineKind;
import io.billingsdk.server.invoices.Bill.BillSums;
import io.billingsdk.server.invoices.Bill.CorrectionOrder;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Bill.Uninvoiced;
import io.billingsdk.server.invoices.Books.Invoiced;
import io.billingsdk.server.invoices.Books.Original;
import io.billingsdk.server.invoices.Deductions.Applied;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionEvent;
import io.billingsdk.server.subscriptions.SubscriptionLine;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    if (span.isProgress()) {
      return progress(span);
    }
    List<Line> lines = new ArrayList<>();
    for (RatedUsage each : rating().rate(span, progress)) {
      BillLineKind kind = each.charge().isEmpty() ? BillLineKind.TRUE_UP : BillLineKind.USAGE;
      lines.add(usage(kind, each, each.details().get(), each.amount()));
    }
    List<LineKey> used = new ArrayList<>();
    Reductions reductions = new Reductions(zero);
    if (isProgressive()) {
      lines.addAll(new ProgressLines(books, zero, reductions, used).credits(span, lines));
    }
    lines.addAll(fees(span, used));
    for (Span each : books.earlier()) {
      for (RatedUsage rated : rating().rate(each, PeriodPart.COMPLETE)) {
        delta(rated, lines, reductions, used);
      }
    }
    List<Uninvoiced> uninvoiced = new ArrayList<>();
    List<List<Line>> parts = List.of(lines);
    if (progress == PeriodPart.COMPLETE) {
      parts = parts(lines);
      for (List<Line> part : parts) {
        uninvoiced.addAll(new GivenBack(books, zero, part, reductions, used).settle());
      }
    }
    List<Paper> invoices =
        parts.stream().allMatch(BillMaker::isNothing) ? List.of() : invoices(parts);
    List<Paper> notes = creditNotes(reductions, uninvoiced);
    return new Bill(
        invoices.stream().findFirst(),
        invoices.stream().skip(1).findFirst(),
        notes,
        used,
        uninvoiced);
  }

  /** Whether usage may have been invoiced before the end of its period. */
  private boolean isProgressive() {
    return subscription.segments().stream().anyMatch(each -> each.plan().progressive() != null);
  }

  /** The usage of a running period that no invoice has. */
  private Bill progress(Span span) {
    List<Line> lines = new ArrayList<>();
    List<LineKey> used = new ArrayList<>();
    for (RatedUsage rated : rating().rate(span, PeriodPart.RUNNING)) {
      Money before = ProgressState.invoiced(books, rated.key(), zero);
      Money more = rated.amount().minus(before);
      if (before.signum() != 0) {
        used.add(rated.key());
      }
      if (more.signum() > 0) {
        lines.add(usage(BillLineKind.PROGRESS, rated, DetailJson.difference(rated, before), more));
      }
    }
    List<Paper> invoices = invoices(parts(lines));
    return new Bill(
        invoices.stream().findFirst(),
        invoices.stream().skip(1).findFirst(),
        List.of(),
        used,
        List.of());
  }

  /** EN 16931, BR-O-11: lines outside of the scope of a tax are never with others. */
  private static List<List<Line>> parts(List<Line> lines) {
    List<Line> taxed = new ArrayList<>(lines.stream().filter(each -> !isOutside(each)).toList());
    List<Line> outside = new ArrayList<>(lines.stream().filter(BillMaker::isOutside).toList());
    return List.of(taxed, outside);
  }

  private static boolean isOutside(Line line) {
    return line.tax().category().equals("O");
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
    Money before = entries.get().stream().map(Invoiced::settled).reduce(zero, Money::plus);
    Money difference = rated.amount().minus(before);
    Money tooMuch = reducible(difference.negated(), entries.get(), reductions);
    if (difference.signum() == 0 || (difference.signum() < 0 && tooMuch.signum() == 0)) {
      return;
    }
    used.add(rated.key());
    Line line = usage(BillLineKind.DELTA, rated, DetailJson.difference(rated, before), difference);
    if (difference.signum() > 0) {
      lines.add(line);
    } else {
      reductions.add(line, tooMuch, entries.get());
    }
  }

  /** An operator may have credited more of a line than usage leaves of it; then only the rest. */
  private Money reducible(Money amount, List<Invoiced> entries, Reductions reductions) {
    boolean isForgiven = GivenBack.forgiven(entries, zero).signum() > 0;
    return isForgiven ? amount.min(reductions.left(entries)) : amount;
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
        books.tax(lastDay(part.to())),
        null,
        books.grounds(lastDay(part.to())));
  }

  /** The day of the last moment of a service is its tax point. */
  private LocalDate lastDay(Instant end) {
    return day(end.minusNanos(1));
  }

  private LocalDate day(Instant at) {
    return at.atZone(zone).toLocalDate();
  }

  private List<Line> fees(Span span, List<LineKey> used) {
    List<Line> fees = new ArrayList<>();
    for (SubscriptionEvent event : events) {
      if (span.holds(event.number())) {
        event.lines().forEach(line -> fees.add(fee(line, event.at(), fees, used)));
      }
    }
    return fees;
  }

  private Line fee(SubscriptionLine line, Instant due, List<Line> before, List<LineKey> used) {
    LineKey key = LineKey.fee(line);
    Taxation tax =
        line.kind() == SubscriptionLine.LineKind.CREDIT
            ? charged(key, before, used).orElseGet(() -> taxation(point(line, due)))
            : taxation(point(line, due));
    return new Line(
        BillLineKind.valueOf(line.kind().name()),
        key,
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
        tax.rate(),
        null,
        tax.grounds());
  }

  /** The rest of a fee is given back with the tax of the fee: of this bill, or of an invoice. */
  private Optional<Taxation> charged(LineKey key, List<Line> before, List<LineKey> used) {
    Optional<Line> here =
        before.stream()
            .filter(each -> each.kind() == BillLineKind.ADVANCE && each.key().equals(key))
            .reduce((first, second) -> second);
    if (here.isPresent()) {
      return here.map(each -> new Taxation(each.tax(), each.grounds()));
    }
    Optional<Invoiced> fee =
        books.invoiced(key).orElse(List.of()).stream()
            .filter(each -> each.settled().signum() > 0)
            .findFirst();
    fee.ifPresent(each -> used.add(key));
    return fee.map(each -> taxation(books.original(each.number()), each.line() - 1));
  }

  private static Taxation taxation(Original original, int place) {
    return new Taxation(
        original.lines().get(place).taxes().get(0), original.tax().grounds().get(place));
  }

  private Taxation taxation(LocalDate point) {
    return new Taxation(books.tax(point), books.grounds(point));
  }

  /**
   * The tax point of a fee: the last day of its time, or the issue of an invoice before that. No
   * payment comes before the issue: what a customer pays before is a balance for anything.
   */
  private LocalDate point(SubscriptionLine line, Instant due) {
    LocalDate last = lastDay(line.to());
    if (line.kind() == SubscriptionLine.LineKind.ARREARS) {
      return last;
    }
    @Nullable LocalDate issued = books.issued();
    if (issued == null) {
      return day(due);
    }
    return issued.isBefore(last) ? issued : last;
  }

  private static boolean isNothing(List<Line> lines) {
    return lines.stream().allMatch(line -> line.net().signum() == 0);
  }

  /** Of each part one. What the first one uses of coupons and credits, the second one has not. */
  private List<Paper> invoices(List<List<Line>> parts) {
    List<Paper> invoices = new ArrayList<>();
    CreditState credits = books.credits();
    // One over 0 would say nothing beside the other one.
    List<List<Line>> some = parts.stream().filter(each -> !isNothing(each)).toList();
    for (int i = 0; i < some.size(); i++) {
      // The overage is what the last one leaves open.
      boolean isLast = i == some.size() - 1;
      Paper invoice = invoice(some.get(i), isLast ? credits : credits.withoutRollover());
      invoices.add(invoice);
      credits = credits.without(invoice.deductions().use());
    }
    return invoices;
  }

  private Paper invoice(List<Line> lines, CreditState credits) {
    Applied applied = Deductions.apply(amounts(lines), credits);
    InvoiceTotals totals = applied.totals();
    List<Line> reduced = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      reduced.add(lines.get(i).withDiscount(totals.discountParts().get(i)));
    }
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
    return new Paper(reduced, sums, null, applied.deductions(), null);
  }

  /** The lines, as far as sums depend on them. */
  static List<InvoiceLine> amounts(List<Line> lines) {
    return lines.stream().map(line -> InvoiceLine.of(line.net(), line.tax())).toList();
  }

  /** One for each invoice that has something too much; of several the latest ones first. */
  private List<Paper> creditNotes(Reductions reductions, List<Uninvoiced> uninvoiced) {
    List<Paper> notes = new ArrayList<>();
    reductions
        .byInvoice()
        .forEach(
            (number, lines) -> {
              Original original = books.original(number);
              List<Line> fitting = FittingCredit.of(original, lines, uninvoiced);
              if (!fitting.isEmpty()) {
                notes.add(creditNote(original, fitting, null));
              }
            });
    return notes;
  }

  /**
   * The credit note for lines of an invoice.
   *
   * @param lines each refers to its line of the invoice
   * @param order of an operator; null for none
   */
  static Paper creditNote(Original original, List<Line> lines, @Nullable CorrectionOrder order) {
    List<Money> nets = original.nets(lines);
    CreditableInvoice.Note note = original.creditable().credit(nets).note();
    Money zero = original.zero();
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
    return new Paper(ofOriginal(lines, original, note), sums, original, Deductions.NONE, order);
  }

  /**
   * With the tax of the line that each credits, and the part of the discount on it: of several for
   * one line, the first one has it.
   */
  private static List<Line> ofOriginal(
      List<Line> lines, Original original, CreditableInvoice.Note note) {
    Set<Integer> seen = new HashSet<>();
    List<Line> credits = new ArrayList<>();
    for (Line line : lines) {
      int place = Original.place(line);
      Money part = note.discountParts().get(place);
      credits.add(
          line.withDiscount(seen.add(place) ? part : part.minus(part))
              .withTax(
                  original.lines().get(place).taxes().get(0), original.tax().grounds().get(place)));
    }
    return credits;
  }
}
