package io.billingsdk.costs;

import io.billingsdk.costs.Advice.Priority;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives advice about sums of costs: a pure function. Immutable and thread-safe. */
public final class Advisor {
  private static final Comparator<Advice> ORDER =
      Comparator.comparing(Advice::priority)
          .thenComparing(Advice::money, Comparator.reverseOrder())
          .thenComparing(Advice::id);

  private final AdviceLimits limits;

  /**
   * Advice, and what the rules cannot say.
   *
   * @param advice by priority, then by money
   * @param notes rules that cannot fire, and why
   */
  public record Report(List<Advice> advice, List<String> notes) {
    /** Copies the lists. */
    public Report {
      advice = List.copyOf(advice);
      notes = List.copyOf(notes);
    }
  }

  private Advisor(AdviceLimits limits) {
    this.limits = limits;
  }

  /** Advises from these bounds on. */
  public static Advisor of(AdviceLimits limits) {
    return new Advisor(limits);
  }

  /**
   * Advises.
   *
   * @param dismissed ids of advice that a person has dismissed
   */
  public Report advise(AdviceInput input, Set<String> dismissed) {
    List<Advice> all = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    users(input, all, notes);
    services(input, all);
    OperationAdvice operations = new OperationAdvice(input.currency(), limits);
    input.operations().forEach(operation -> operations.about(operation, all));
    List<Advice> shown =
        all.stream().filter(advice -> !dismissed.contains(advice.id())).sorted(ORDER).toList();
    return new Report(shown, notes);
  }

  private void users(AdviceInput input, List<Advice> all, List<String> notes) {
    int count = input.users().size();
    BigDecimal total = sum(input.users());
    if (BigDecimal.valueOf(count).compareTo(limits.timesMean()) <= 0) {
      // The greatest of n amounts is at most n times their average.
      notes.add(
          "user_cost_alert cannot fire with "
              + count
              + " users: none of them can cost more than "
              + limits.timesMean()
              + " times the average");
      return;
    }
    input.users().forEach((user, cost) -> user(input, user, cost, total, all));
  }

  /** Cost times users against the total times the bound: the average may have no end. */
  private void user(
      AdviceInput input, String user, BigDecimal cost, BigDecimal total, List<Advice> all) {
    BigDecimal users = BigDecimal.valueOf(input.users().size());
    if (cost.multiply(users).compareTo(total.multiply(limits.timesMean())) <= 0) {
      return;
    }
    BigDecimal mean = total.divide(users, Amounts.ROUNDED_DECIMALS, RoundingMode.HALF_UP);
    BigDecimal limit = mean.multiply(limits.timesMean());
    Map<String, String> data = new LinkedHashMap<>();
    data.put("user_id", user);
    data.put("total_cost", Check.plain(cost));
    data.put("mean", Check.plain(mean));
    data.put("limit", Check.plain(limit));
    all.add(
        new Advice(
            "user_cost_alert",
            Priority.MEDIUM,
            "User " + user + " costs far more than others. Look at its use, or set a quota.",
            data,
            "cost of a user > " + limits.timesMean() + " x average of all users",
            cost.subtract(limit),
            user));
  }

  private void services(AdviceInput input, List<Advice> all) {
    BigDecimal total = sum(input.services());
    input
        .services()
        .forEach(
            (service, cost) -> {
              BigDecimal bound = total.multiply(limits.serviceShare());
              if (total.signum() > 0 && cost.compareTo(bound) > 0) {
                all.add(dominance(service, cost, total, bound));
              }
            });
  }

  private Advice dominance(String service, BigDecimal cost, BigDecimal total, BigDecimal bound) {
    BigDecimal percent = limits.serviceShare().scaleByPowerOfTen(2);
    Map<String, String> data = new LinkedHashMap<>();
    data.put("service", service);
    data.put("total_cost", Check.plain(cost));
    data.put("share_percent", Check.plain(percentOf(cost, total)));
    return new Advice(
        "service_dominance",
        Priority.MEDIUM,
        "Service " + service + " is most of the cost. Compare its prices with those of others.",
        data,
        "share of a service > " + Check.plain(percent) + " %",
        cost.subtract(bound),
        service);
  }

  private static BigDecimal percentOf(BigDecimal part, BigDecimal whole) {
    return part.scaleByPowerOfTen(2).divide(whole, 6, RoundingMode.HALF_UP);
  }

  private static BigDecimal sum(Map<String, BigDecimal> amounts) {
    return amounts.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
