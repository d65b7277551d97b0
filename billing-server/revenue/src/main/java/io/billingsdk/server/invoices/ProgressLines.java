package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.ProgressiveBilling;
import io.billingsdk.server.invoices.Bill.BillLineKind;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Books.Invoiced;
import io.billingsdk.server.invoices.Books.Original;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Credits on the invoice of a period what was invoiced of its usage before its end, line by line.
 * What a correction has taken from the usage since goes back by a credit note. For one bill.
 */
final class ProgressLines {
  private final Books books;
  private final Money zero;
  private final Reductions reductions;
  private final List<LineKey> used;

  ProgressLines(Books books, Money zero, Reductions reductions, List<LineKey> used) {
    this.books = books;
    this.zero = zero;
    this.reductions = reductions;
    this.used = used;
  }

  /**
   * The credits of a span.
   *
   * @param usage the lines of its usage
   */
  List<Line> credits(Span span, List<Line> usage) {
    Set<LineKey> keys = new LinkedHashSet<>(books.progressed(span));
    List<Line> credits = new ArrayList<>();
    for (Line line : usage) {
      if (keys.remove(line.key())) {
        credits.addAll(credits(line, line.net()));
      }
    }
    // Of a part that a change with effect before it has taken away.
    for (LineKey key : keys) {
      credits.addAll(credits(gone(span, key, usage), zero));
    }
    return credits;
  }

  private List<Line> credits(Line usage, Money amount) {
    List<Invoiced> entries = books.invoiced(usage.key()).orElse(List.of());
    used.add(usage.key());
    Money invoiced = entries.stream().map(Invoiced::settled).reduce(zero, Money::plus);
    ProgressiveBilling end = ProgressiveBilling.end(amount, invoiced);
    if (end.surplus().signum() > 0) {
      Money tooMuch = end.surplus().min(reductions.left(entries));
      reductions.add(difference(usage, amount, invoiced), tooMuch, entries);
    }
    List<Line> credits = new ArrayList<>();
    Money open = end.credit();
    // The first one first: a credit note takes from the latest.
    for (int i = entries.size() - 1; i >= 0; i--) {
      Money part = open.min(entries.get(i).settled());
      if (part.signum() > 0) {
        credits.add(credit(usage, entries.get(i), part));
        open = open.minus(part);
      }
    }
    return credits;
  }

  /** With the tax of the line that it credits. */
  private Line credit(Line usage, Invoiced entry, Money part) {
    Original original = books.original(entry.number());
    int place = entry.line() - 1;
    ObjectNode detail =
        CanonicalJson.object().put("invoice", entry.number()).put("invoiceLine", entry.line());
    return of(usage, BillLineKind.PROGRESS_CREDIT, detail, part.negated())
        .withTax(original.lines().get(place).taxes().get(0), original.tax().grounds().get(place));
  }

  private static Line difference(Line usage, Money amount, Money invoiced) {
    ObjectNode detail =
        CanonicalJson.object()
            .put("dueNow", DetailJson.amount(amount))
            .put("invoicedBefore", DetailJson.amount(invoiced));
    ObjectNode before = usage.detail();
    if (before != null) {
      before.properties().forEach(each -> detail.set(each.getKey(), each.getValue()));
    }
    return of(usage, BillLineKind.REDUCTION, detail, invoiced.minus(amount));
  }

  private Line gone(Span span, LineKey key, List<Line> usage) {
    Line like =
        usage.stream()
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException("no usage has the plan of the line " + key.text()));
    return new Line(
        BillLineKind.USAGE,
        key,
        like.plan(),
        like.version(),
        key.charge(),
        key.charge(),
        span.from(),
        span.to(),
        null,
        CanonicalJson.object(),
        zero,
        zero,
        like.tax(),
        null,
        like.grounds());
  }

  private static Line of(Line usage, BillLineKind kind, ObjectNode detail, Money net) {
    return new Line(
        kind,
        usage.key(),
        usage.plan(),
        usage.version(),
        usage.charge(),
        usage.name(),
        usage.from(),
        usage.to(),
        usage.share(),
        detail,
        net,
        net.minus(net),
        usage.tax(),
        null,
        usage.grounds());
  }
}
