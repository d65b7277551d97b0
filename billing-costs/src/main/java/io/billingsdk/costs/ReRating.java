package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What other prices make of costs that were rated before: a dry run, which changes nothing. A
 * person approves it by its fingerprint; {@link #undo} is the way back.
 *
 * <p>Immutable.
 */
public final class ReRating {
  private final List<Change> changes;
  private final int unchanged;

  /**
   * A cost as it was rated.
   *
   * @param recordId its name
   * @param usage the use
   * @param cost the cost until now
   */
  public record Rated(String recordId, CanonicalUsage usage, RatedCost cost) {}

  /**
   * A cost that would be another.
   *
   * @param recordId its name
   * @param before the cost until now
   * @param after the cost by the other prices
   */
  public record Change(String recordId, RatedCost before, RatedCost after) {}

  private ReRating(List<Change> changes, int unchanged) {
    this.changes = List.copyOf(changes);
    this.unchanged = unchanged;
  }

  /** Rates each cost again, at the time of its use. */
  public static ReRating dryRun(Iterable<Rated> costs, CostRating rating) {
    List<Change> changes = new ArrayList<>();
    int unchanged = 0;
    for (Rated each : costs) {
      RatedCost after = rating.rate(each.cost().query(), each.usage());
      if (isSame(each.cost(), after)) {
        unchanged++;
      } else {
        changes.add(new Change(each.recordId(), each.cost(), after));
      }
    }
    return new ReRating(changes, unchanged);
  }

  /** The same amount for the same reasons: a new version of the catalogue alone is no change. */
  private static boolean isSame(RatedCost one, RatedCost other) {
    return one.state() == other.state()
        && one.currency().equals(other.currency())
        && one.lines().equals(other.lines())
        && one.unknown().equals(other.unknown());
  }

  /** The costs that change, in their order. */
  public List<Change> changes() {
    return changes;
  }

  /** How many costs stay as they are. */
  public int unchanged() {
    return unchanged;
  }

  /** How many costs were unknown, and have a price now. */
  public long nowPriced() {
    return changes.stream().filter(c -> isUnknown(c.before()) && !isUnknown(c.after())).count();
  }

  /** How many costs had a price, and would be unknown. */
  public long nowUnknown() {
    return changes.stream().filter(c -> !isUnknown(c.before()) && isUnknown(c.after())).count();
  }

  private static boolean isUnknown(RatedCost cost) {
    return cost.state() == CostState.UNKNOWN;
  }

  /** By how much the sum of each currency changes; unknown costs are in no sum. */
  public Map<String, BigDecimal> differences() {
    Map<String, BigDecimal> sums = new TreeMap<>();
    for (Change change : changes) {
      add(sums, change.before(), BigDecimal.ONE.negate());
      add(sums, change.after(), BigDecimal.ONE);
    }
    return Collections.unmodifiableMap(sums);
  }

  private static void add(Map<String, BigDecimal> sums, RatedCost cost, BigDecimal sign) {
    Optional<BigDecimal> amount = cost.amount();
    if (amount.isPresent() && cost.currency().isPresent()) {
      sums.merge(cost.currency().get(), amount.get().multiply(sign), BigDecimal::add);
    }
  }

  /** A digest of the changes: an approval names it. */
  public String fingerprint() {
    StringBuilder text = new StringBuilder();
    for (Change change : changes) {
      text.append(change.recordId()).append('\n');
      text.append(change.before().explain()).append('\n');
      text.append(change.after().explain()).append('\n');
    }
    return Digest.of(text.toString()).substring(0, 16);
  }

  /** The changes back. */
  public ReRating undo() {
    List<Change> back =
        changes.stream()
            .map(change -> new Change(change.recordId(), change.after(), change.before()))
            .toList();
    return new ReRating(back, unchanged);
  }
}
