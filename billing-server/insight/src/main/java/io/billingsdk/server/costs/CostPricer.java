package io.billingsdk.server.costs;

import io.billingsdk.costs.Bucket;
import io.billingsdk.costs.CanonicalUsage;
import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.CostInputException;
import io.billingsdk.costs.CostRating;
import io.billingsdk.costs.CostState;
import io.billingsdk.costs.PriceQuery;
import io.billingsdk.costs.RatedCost;
import io.billingsdk.server.costs.CostRow.CostAmount;
import io.billingsdk.server.costs.CostRow.CostPins;
import io.billingsdk.server.costs.CostRow.CostUse;
import io.billingsdk.server.costs.CostRow.CostWhat;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the cost of a use by one version of the price list. The same use has the same cost each
 * time, so that a cost can be explained from its row alone. Immutable and thread-safe.
 */
final class CostPricer {
  private static final int LONGEST_REASON = 1_000;

  private final CostRating rating;

  CostPricer(Catalogue catalogue) {
    this.rating = CostRating.of(catalogue);
  }

  /**
   * What a use costs.
   *
   * @param rated how; empty where the usage is refused
   * @param usage by bucket; of a unit, in the bucket that has the price
   * @param problem why nothing can be rated; null for none
   */
  record Priced(Optional<RatedCost> rated, CanonicalUsage usage, @Nullable String problem) {}

  String version() {
    return rating.catalogue().version();
  }

  /**
   * Rates a use.
   *
   * @param adapter by which it was read
   * @param problem why it cannot be rated, as its reader says; null for none
   */
  Priced price(CostWhat what, Instant at, CostUse use, String adapter, @Nullable String problem) {
    if (problem != null) {
      return new Priced(Optional.empty(), use.usage(), problem);
    }
    try {
      return byNames(what, at, use, adapter);
    } catch (CostInputException refused) {
      return new Priced(Optional.empty(), use.usage(), String.valueOf(refused.getMessage()));
    }
  }

  /** By the model, and where no price has that name, by the service. */
  private Priced byNames(CostWhat what, Instant at, CostUse use, String adapter) {
    Priced byModel = byUsage(query(what, what.model(), at), use, adapter);
    if (isFound(byModel) || what.service().equals(what.model())) {
      return byModel;
    }
    Priced byService = byUsage(query(what, what.service(), at), use, adapter);
    return isFound(byService) ? byService : byModel;
  }

  private static boolean isFound(Priced priced) {
    return priced.rated().flatMap(cost -> cost.pins().priceId()).isPresent();
  }

  private static PriceQuery query(CostWhat what, String name, Instant at) {
    return new PriceQuery(
            Optional.ofNullable(what.hints().provider()),
            name,
            at,
            what.hints().serviceTier(),
            Optional.ofNullable(what.hints().region()))
        .inTier(what.hints().serviceTier());
  }

  private Priced byUsage(PriceQuery query, CostUse use, String adapter) {
    UsedUnit unit = adapter.equals(UseReader.UNIT) ? UsedUnit.of(use.unit()).orElse(null) : null;
    if (unit == null) {
      return new Priced(Optional.of(rating.rate(query, use.usage())), use.usage(), null);
    }
    List<Priced> known = new ArrayList<>();
    Priced first = null;
    for (Bucket bucket : unit.buckets()) {
      CanonicalUsage usage = UseReader.alternative(unit, use.quantity(), bucket);
      RatedCost cost = rating.rate(query, usage);
      Priced priced = new Priced(Optional.of(cost), usage, null);
      first = first == null ? priced : first;
      if (cost.state() != CostState.UNKNOWN) {
        known.add(priced);
      }
    }
    if (unit.isTokens() && isAmbiguous(known)) {
      String problem = "input_tokens and output_tokens, which have different prices";
      return new Priced(known.get(0).rated(), use.usage(), problem);
    }
    return known.isEmpty() ? Objects.requireNonNull(first) : known.get(0);
  }

  private static boolean isAmbiguous(List<Priced> known) {
    return known.stream()
            .map(each -> each.rated().orElseThrow().knownAmount().stripTrailingZeros())
            .collect(Collectors.toSet())
            .size()
        > 1;
  }

  /** The amount of a row; that of a correction, which may be below 0, has the sign of its use. */
  CostAmount amount(
      Priced priced,
      BigDecimal quantity,
      String adapter,
      @Nullable BigDecimal reported,
      @Nullable String reportedCurrency) {
    Optional<RatedCost> rated = priced.rated();
    CostPins pins =
        new CostPins(rated.flatMap(cost -> cost.pins().priceId()).orElse(null), version(), adapter);
    CostState state =
        priced.problem() != null || rated.isEmpty() ? CostState.UNKNOWN : rated.get().state();
    String currency = rated.flatMap(RatedCost::currency).orElse(null);
    BigDecimal amount =
        state == CostState.UNKNOWN ? null : rated.flatMap(RatedCost::amount).orElseThrow();
    if (amount != null && quantity.signum() < 0) {
      amount = amount.negate();
    }
    String reason = state == CostState.UNKNOWN ? reason(priced) : null;
    return new CostAmount(state, reason, amount, currency, reported, reportedCurrency, pins);
  }

  /** Names the missing price without the time, so that the same reason is the same text. */
  private static String reason(Priced priced) {
    String problem = priced.problem();
    String text =
        problem != null
            ? problem
            : priced
                .rated()
                .map(
                    cost ->
                        "no price of "
                            + String.join(", ", cost.unknown())
                                .replace(" at " + cost.query().at(), ""))
                .orElse("no price");
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
  }
}
