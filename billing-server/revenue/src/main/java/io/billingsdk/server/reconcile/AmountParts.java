package io.billingsdk.server.reconcile;

import io.billingsdk.rating.Money;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.BilledUsage;
import io.billingsdk.server.invoices.BilledUsage.RatedBeside;
import io.billingsdk.server.reconcile.Reconciliation.AmountSum;
import io.billingsdk.server.subscriptions.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the amounts of usage with those of the invoices. For one thread. */
final class AmountParts {
  private static final int MOST = 100;

  private final BilledUsage billed;
  private final List<String> differences;
  private final Map<String, Sums> byCurrency = new TreeMap<>();
  private long compared;
  private long agreed;

  AmountParts(Database database, List<String> differences) {
    this.billed = new BilledUsage(database);
    this.differences = differences;
  }

  private record Sums(Money rated, Money invoiced, Money late, Money unexplained) {
    static Sums none(String currency) {
      Money zero = Money.zero(currency);
      return new Sums(zero, zero, zero, zero);
    }

    static Sums of(RatedBeside each) {
      Money difference = each.rated().minus(each.invoiced());
      return new Sums(
          each.rated(),
          each.invoiced(),
          each.ratedNow().minus(each.rated()),
          difference.max(difference.negated()));
    }

    Sums plus(Sums other) {
      return new Sums(
          rated.plus(other.rated),
          invoiced.plus(other.invoiced),
          late.plus(other.late),
          unexplained.plus(other.unexplained));
    }
  }

  /** Adds the billed times of a subscription that touch a time. */
  void add(Subscription subscription, Instant from, Instant to) {
    for (RatedBeside each : billed.beside(subscription, from, to)) {
      compared++;
      byCurrency.merge(
          each.rated().currency(),
          Sums.none(each.rated().currency()).plus(Sums.of(each)),
          Sums::plus);
      if (each.rated().equals(each.invoiced())) {
        agreed++;
      } else {
        differences.add(
            "customer %s, plan %s, %s from %s to %s: the ledger comes to %s, the invoices have %s"
                .formatted(
                    subscription.customer(),
                    each.plan(),
                    each.charge().isEmpty() ? "the commitment" : "charge " + each.charge(),
                    each.from(),
                    each.to(),
                    each.rated(),
                    each.invoiced()));
      }
    }
  }

  /** How many amounts were compared. */
  long compared() {
    return compared;
  }

  /** How many of them are the same on both sides. */
  long agreed() {
    return agreed;
  }

  /** Names documents whose lines do not add up. */
  void addSums() {
    billed
        .unequalSums(MOST)
        .forEach(
            each ->
                differences.add(
                    "invoice %s: its row has net %s, its lines add up to %s"
                        .formatted(each.number(), each.net(), each.ofLines())));
  }

  /** By currency. */
  List<AmountSum> sums() {
    return byCurrency.entrySet().stream()
        .map(
            each ->
                new AmountSum(
                    each.getKey(),
                    each.getValue().rated().amount(),
                    each.getValue().invoiced().amount(),
                    each.getValue().late().amount(),
                    each.getValue().unexplained().amount()))
        .toList();
  }
}
