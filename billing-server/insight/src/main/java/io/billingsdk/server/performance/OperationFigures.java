package io.billingsdk.server.performance;

import io.billingsdk.costs.AdviceInput.Operation;
import io.billingsdk.costs.AdviceInput.Tokens;
import io.billingsdk.costs.AdviceInput.Waste;
import io.billingsdk.costs.AdviceLimits;
import io.billingsdk.server.costs.TokenPrices;
import io.billingsdk.server.costs.TokenPrices.CallTokens;
import io.billingsdk.server.performance.Figures.Detail;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What advice about operations is made of, by their sums alone. What other prices would save is
 * that of a call with the average of its tokens, times the calls.
 */
final class OperationFigures {
  private static final int TOKEN_DECIMALS = 6;

  private final TokenPrices prices;
  private final AdviceLimits limits;
  private final String currency;

  OperationFigures(TokenPrices prices, AdviceLimits limits, String currency) {
    this.prices = prices;
    this.limits = limits;
    this.currency = currency;
  }

  /** The figures of an operation, whichever services and models it was of. */
  private static final class Sum {
    private boolean isPrompt;
    private BigDecimal cachedSaves = BigDecimal.ZERO;
    private BigDecimal cheaperSaves = BigDecimal.ZERO;
    private Figures figures = new Figures(0, 0, BigDecimal.ZERO, 0, BigDecimal.ZERO, List.of());
  }

  List<Operation> of(Map<Series, Figures> all) {
    Map<String, Sum> sums = new TreeMap<>();
    all.forEach(
        (series, figures) -> {
          if (series.currency().equals(currency) && !series.operation().isBlank()) {
            add(sums.computeIfAbsent(series.operation(), name -> new Sum()), series, figures);
          }
        });
    List<Operation> operations = new ArrayList<>();
    sums.forEach(
        (name, sum) -> {
          // Corrections may take back more than the time has.
          if (sum.figures.amount().signum() >= 0) {
            operations.add(operation(name, sum));
          }
        });
    return operations;
  }

  private void add(Sum sum, Series series, Figures figures) {
    sum.isPrompt |= series.isPrompt();
    sum.figures = sum.figures.plus(figures);
    BigDecimal calls = BigDecimal.valueOf(figures.uses());
    BigDecimal input = figures.detail(Detail.INPUT);
    BigDecimal output = figures.detail(Detail.OUTPUT);
    if (figures.uses() <= 0 || input.signum() <= 0) {
      return;
    }
    CallTokens call =
        new CallTokens(
            each(input, calls), each(figures.detail(Detail.CACHED), calls), each(output, calls));
    Optional<BigDecimal> cost = prices.cost(series.model(), call);
    // The rest of the rule is the library's; here is what makes the look at prices worth it.
    if (call.input().compareTo(limits.longInput()) > 0) {
      sum.cachedSaves =
          sum.cachedSaves.add(saves(cost, prices.cost(series.model(), call.fromCache()), calls));
    }
    if (call.output().signum() > 0 && call.output().compareTo(limits.shortOutput()) < 0) {
      sum.cheaperSaves =
          sum.cheaperSaves.add(saves(cost, prices.cheapestOther(series.model(), call), calls));
    }
  }

  private static BigDecimal each(BigDecimal sum, BigDecimal calls) {
    return sum.max(BigDecimal.ZERO).divide(calls, TOKEN_DECIMALS, RoundingMode.HALF_UP);
  }

  private static BigDecimal saves(
      Optional<BigDecimal> cost, Optional<BigDecimal> other, BigDecimal calls) {
    if (cost.isEmpty() || other.isEmpty()) {
      return BigDecimal.ZERO;
    }
    return cost.get().subtract(other.get()).max(BigDecimal.ZERO).multiply(calls);
  }

  private static Operation operation(String name, Sum sum) {
    Figures figures = sum.figures;
    BigDecimal cost = figures.amount();
    return new Operation(
        name,
        sum.isPrompt,
        Math.max(0, figures.uses()),
        cost,
        new Waste(
            figures.detail(Detail.FAILURES).longValue(),
            figures.detail(Detail.FAILURE_COST),
            figures.detail(Detail.RETRIES).longValue(),
            figures.detail(Detail.RETRY_COST)),
        new Tokens(
            figures.detail(Detail.INPUT),
            figures.detail(Detail.CACHED),
            figures.detail(Detail.OUTPUT)),
        without(cost, sum.cachedSaves),
        without(cost, sum.cheaperSaves));
  }

  private static Optional<BigDecimal> without(BigDecimal cost, BigDecimal saved) {
    return saved.signum() > 0 ? Optional.of(cost.subtract(saved)) : Optional.empty();
  }
}
