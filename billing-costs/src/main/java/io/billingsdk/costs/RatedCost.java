package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cost of one use, its lines, and all that it was made of, so that it can be made again.
 *
 * @param query which price was asked for
 * @param state priced, free or unknown
 * @param currency of the lines; empty where no row was found
 * @param lines the lines; their amounts add up to {@link #knownAmount()} exactly
 * @param unknown names of what has no price: a model, or buckets
 * @param pins the price row and the versions
 */
public record RatedCost(
    PriceQuery query,
    CostState state,
    Optional<String> currency,
    List<CostLine> lines,
    List<String> unknown,
    Pins pins) {

  /**
   * What a cost was made of.
   *
   * @param priceId the price row; empty where none was found
   * @param catalogueVersion the version of the catalogue
   * @param adapter name and version of the adapter
   */
  public record Pins(Optional<String> priceId, String catalogueVersion, String adapter) {}

  /** Copies the lists. */
  public RatedCost {
    lines = List.copyOf(lines);
    unknown = List.copyOf(unknown);
  }

  /** The cost; empty while it is unknown, since a part of it is no cost. */
  public Optional<BigDecimal> amount() {
    return state == CostState.UNKNOWN ? Optional.empty() : Optional.of(knownAmount());
  }

  /** The sum of the lines: of an unknown cost the part that has a price. */
  public BigDecimal knownAmount() {
    return lines.stream().map(CostLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Whether a part of an unknown cost has a price. */
  public boolean isPartlyKnown() {
    return state == CostState.UNKNOWN && !lines.isEmpty();
  }

  /** How the cost came about, a line each. */
  public List<String> explain() {
    List<String> texts = new ArrayList<>();
    texts.add(
        query
            + ": price "
            + pins.priceId().orElse("none")
            + ", catalogue "
            + pins.catalogueVersion()
            + ", adapter "
            + pins.adapter());
    lines.forEach(line -> texts.add(line.toString()));
    unknown.forEach(name -> texts.add("no price of " + name));
    String sum = Check.plain(knownAmount()) + currency.map(code -> " " + code).orElse("");
    texts.add(
        state == CostState.UNKNOWN
            ? "unknown; the part that has a price is " + sum
            : Check.small(state.name()) + " " + sum);
    return texts;
  }
}
