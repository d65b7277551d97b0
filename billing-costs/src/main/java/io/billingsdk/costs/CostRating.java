package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes costs of usage by the prices of a catalogue: a pure function. The price is that of the time
 * of the use, whenever it is rated.
 *
 * <p>Immutable and thread-safe.
 */
public final class CostRating {
  /** Measures that stand beside others of the same use: without a price they cost nothing more. */
  private static final Set<Bucket> BESIDE_OTHERS =
      Set.of(
          Bucket.AUDIO_SECONDS,
          Bucket.VIDEO_SECONDS,
          Bucket.DURATION_SECONDS,
          Bucket.CHARACTERS,
          Bucket.IMAGES,
          Bucket.PAGES,
          Bucket.REQUESTS,
          Bucket.MESSAGES,
          Bucket.BYTES);

  private final Catalogue catalogue;

  private CostRating(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Rates by the prices of this catalogue. */
  public static CostRating of(Catalogue catalogue) {
    return new CostRating(catalogue);
  }

  /** The catalogue. */
  public Catalogue catalogue() {
    return catalogue;
  }

  /** Rates the use of one operation. */
  public RatedCost rate(PriceQuery query, CanonicalUsage usage) {
    Optional<PriceRow> row = catalogue.find(query);
    RatedCost.Pins pins =
        new RatedCost.Pins(row.map(PriceRow::id), catalogue.version(), usage.adapter());
    if (row.isEmpty()) {
      return new RatedCost(
          query, CostState.UNKNOWN, Optional.empty(), List.of(), List.of(query.toString()), pins);
    }
    return rate(query, usage, row.get(), pins);
  }

  private static RatedCost rate(
      PriceQuery query, CanonicalUsage usage, PriceRow row, RatedCost.Pins pins) {
    List<CostLine> lines = new ArrayList<>();
    List<Bucket> open = new ArrayList<>();
    BigDecimal factor = factor(query, row);
    for (Map.Entry<Bucket, BigDecimal> used : usage.quantities().entrySet()) {
      CostLine line = line(used.getKey(), used.getValue(), usage, row.terms(), factor);
      if (line == null) {
        open.add(used.getKey());
      } else {
        lines.add(line);
      }
    }
    addRequest(usage, row.terms(), factor, lines);
    boolean isMeasured = !lines.isEmpty();
    List<String> unknown =
        open.stream()
            .filter(bucket -> !(isMeasured && BESIDE_OTHERS.contains(bucket)))
            .map(bucket -> bucket.key() + " of " + query)
            .toList();
    CostState state = state(unknown, row, lines);
    return new RatedCost(query, state, Optional.of(row.terms().currency()), lines, unknown, pins);
  }

  private static CostState state(List<String> unknown, PriceRow row, List<CostLine> lines) {
    if (!unknown.isEmpty()) {
      return CostState.UNKNOWN;
    }
    boolean isFree =
        row.terms().isFree()
            || (!lines.isEmpty() && lines.stream().allMatch(line -> line.price().signum() == 0));
    return isFree ? CostState.FREE : CostState.PRICED;
  }

  /** A row of batches has the price of batches itself. */
  private static BigDecimal factor(PriceQuery query, PriceRow row) {
    boolean isBatchOfStandard =
        query.serviceTier().equals(PriceKey.BATCH)
            && !row.key().serviceTier().equals(PriceKey.BATCH);
    return isBatchOfStandard
        ? row.terms().batchMultiplier().orElse(BigDecimal.ONE)
        : BigDecimal.ONE;
  }

  /** One operation is one request where requests have a price and nobody counted them. */
  private static void addRequest(
      CanonicalUsage usage, PriceTerms terms, BigDecimal factor, List<CostLine> lines) {
    boolean isMissing =
        terms.prices().containsKey(Bucket.REQUESTS)
            && usage.quantity(Bucket.REQUESTS).signum() == 0
            && !usage.quantities().isEmpty();
    if (isMissing) {
      CostLine line = line(Bucket.REQUESTS, BigDecimal.ONE, usage, terms, factor);
      if (line != null) {
        lines.add(line);
      }
    }
  }

  private static @Nullable CostLine line(
      Bucket bucket,
      BigDecimal quantity,
      CanonicalUsage usage,
      PriceTerms terms,
      BigDecimal factor) {
    for (Bucket pricedAs : bucket.pricedAs()) {
      BucketPrice price = terms.prices().get(pricedAs);
      if (price != null) {
        BigDecimal unitPrice = price.priceIn(price.tierOf(usage.promptTokens())).multiply(factor);
        BigDecimal billed = billed(quantity, price);
        BigDecimal size = price.size();
        return new CostLine(
            bucket,
            pricedAs,
            quantity,
            billed,
            unitPrice,
            size,
            Amounts.of(billed, unitPrice, size));
      }
    }
    return null;
  }

  private static BigDecimal billed(BigDecimal quantity, BucketPrice price) {
    BigDecimal least = quantity.max(price.minimum());
    if (!price.wholePackages()) {
      return least;
    }
    BigDecimal[] packages = least.divideAndRemainder(price.size());
    BigDecimal begun = packages[1].signum() == 0 ? packages[0] : packages[0].add(BigDecimal.ONE);
    return begun.multiply(price.size());
  }
}
