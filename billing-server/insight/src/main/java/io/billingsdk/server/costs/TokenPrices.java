package io.billingsdk.server.costs;

import io.billingsdk.costs.Bucket;
import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.CostRating;
import io.billingsdk.costs.CostState;
import io.billingsdk.costs.PriceKey;
import io.billingsdk.costs.PriceQuery;
import io.billingsdk.costs.PriceRow;
import io.billingsdk.costs.RatedCost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What the tokens of a call would cost by the price list in force, in one currency: for who gives
 * advice about them. Immutable.
 */
public final class TokenPrices {
  // A version is a digest of its rows, so a remembered one is right for each database.
  private static final Catalogues CATALOGUES = new Catalogues();

  private final CostRating rating;
  private final Instant at;
  private final String currency;

  private TokenPrices(CostRating rating, Instant at, String currency) {
    this.rating = rating;
    this.at = at;
    this.currency = currency;
  }

  /** Those of a moment. */
  public static TokenPrices of(Handle handle, Instant at, String currency) {
    return new TokenPrices(CostRating.of(CATALOGUES.current(handle)), at, currency);
  }

  /**
   * The tokens of a call.
   *
   * @param input those that no cache had
   * @param cached those that a cache had
   */
  public record CallTokens(BigDecimal input, BigDecimal cached, BigDecimal output) {
    /** The same with all of the input from a cache. */
    public CallTokens fromCache() {
      return new CallTokens(BigDecimal.ZERO, input.add(cached), output);
    }

    private CanonicalUsage usage() {
      return CanonicalUsage.of(
          Map.of(
              Bucket.INPUT, input,
              Bucket.CACHE_READ, cached,
              Bucket.OUTPUT, output));
    }
  }

  /** With a model; empty where the model or a kind of its tokens has no price. */
  public Optional<BigDecimal> cost(String model, CallTokens tokens) {
    return model.isBlank() ? Optional.empty() : cost(Optional.empty(), model, tokens);
  }

  /** With the cheapest other model of the same provider, where one has all the prices. */
  public Optional<BigDecimal> cheapestOther(String model, CallTokens tokens) {
    if (model.isBlank()) {
      return Optional.empty();
    }
    Optional<PriceKey> own =
        rate(Optional.empty(), model, tokens)
            .pins()
            .priceId()
            .flatMap(rating.catalogue()::row)
            .map(PriceRow::key);
    return own.flatMap(key -> cheapest(key, tokens));
  }

  private Optional<BigDecimal> cheapest(PriceKey own, CallTokens tokens) {
    return others(rating.catalogue(), own).stream()
        .flatMap(name -> cost(Optional.of(own.provider()), name, tokens).stream())
        .filter(cost -> cost.signum() > 0)
        .min(BigDecimal::compareTo);
  }

  private static Set<String> others(Catalogue catalogue, PriceKey own) {
    Set<String> names = new LinkedHashSet<>();
    for (PriceRow each : catalogue.rows()) {
      PriceKey key = each.key();
      if (key.provider().equals(own.provider()) && !key.model().equals(own.model())) {
        names.add(key.model());
      }
    }
    return names;
  }

  private Optional<BigDecimal> cost(Optional<String> provider, String model, CallTokens tokens) {
    RatedCost rated = rate(provider, model, tokens);
    boolean isMeant =
        rated.state() == CostState.PRICED && rated.currency().equals(Optional.of(currency));
    return isMeant ? rated.amount() : Optional.empty();
  }

  private RatedCost rate(Optional<String> provider, String model, CallTokens tokens) {
    return rating.rate(
        new PriceQuery(provider, model, at, PriceKey.STANDARD, Optional.empty()), tokens.usage());
  }
}
