package io.billingsdk.costs;

import io.billingsdk.costs.Advice.Priority;
import io.billingsdk.costs.AdviceInput.Operation;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules about single operations. */
record OperationAdvice(String currency, AdviceLimits limits) {

  void about(Operation operation, List<Advice> all) {
    dearCalls(operation, all);
    unusedCache(operation, all);
    dearShortAnswers(operation, all);
    paid(operation, all);
  }

  private void dearCalls(Operation operation, List<Advice> all) {
    BigDecimal bound = limits.dearCall().multiply(calls(operation));
    boolean isDear = operation.calls() > 0 && operation.cost().compareTo(bound) > 0;
    if (operation.isPrompt() && isDear) {
      all.add(
          advice(
              "prompt_optimization",
              Priority.HIGH,
              operation,
              "A call is dear. Shorten the prompt, or use a smaller model.",
              "average cost of a call > " + Check.plain(limits.dearCall()) + " " + currency,
              operation.cost().subtract(bound)));
    }
  }

  private void unusedCache(Operation operation, List<Advice> all) {
    BigDecimal read = operation.tokens().cacheRead();
    BigDecimal input = operation.tokens().uncachedInput();
    BigDecimal saved =
        operation.cachedCost().map(operation.cost()::subtract).orElse(BigDecimal.ZERO);
    boolean isUnused =
        operation.calls() > limits.calls()
            && input.compareTo(limits.longInput().multiply(calls(operation))) > 0
            && read.compareTo(read.add(input).multiply(limits.cachedShare())) < 0;
    if (isUnused && saved.signum() > 0) {
      all.add(
          advice(
              "unused_cache",
              Priority.MEDIUM,
              operation,
              "Long prompts rarely come from a cache. Put the part that repeats first.",
              "calls > "
                  + limits.calls()
                  + ", input of a call > "
                  + limits.longInput()
                  + " tokens, cached share < "
                  + Check.plain(limits.cachedShare().scaleByPowerOfTen(2))
                  + " %",
              saved));
    }
  }

  private void dearShortAnswers(Operation operation, List<Advice> all) {
    BigDecimal saved =
        operation.cheaperCost().map(operation.cost()::subtract).orElse(BigDecimal.ZERO);
    BigDecimal output = operation.tokens().output();
    boolean isShort =
        operation.calls() > limits.calls()
            && output.signum() > 0
            && output.compareTo(limits.shortOutput().multiply(calls(operation))) < 0;
    if (isShort && saved.signum() > 0) {
      all.add(
          advice(
              "dear_short_answers",
              Priority.MEDIUM,
              operation,
              "A dear model gives short answers. Try the cheaper model.",
              "calls > "
                  + limits.calls()
                  + ", output of a call < "
                  + limits.shortOutput()
                  + " tokens, another model is cheaper",
              saved));
    }
  }

  private void paid(Operation operation, List<Advice> all) {
    if (operation.waste().failureCost().signum() > 0) {
      all.add(
          advice(
              "paid_failures",
              Priority.HIGH,
              operation,
              "Calls that failed cost money. Look at their errors.",
              "cost of failed calls > 0",
              operation.waste().failureCost()));
    }
    if (operation.waste().retryCost().signum() > 0) {
      all.add(
          advice(
              "paid_retries",
              Priority.MEDIUM,
              operation,
              "Calls that were repeated cost money twice. Retry less, or later.",
              "cost of retries > 0",
              operation.waste().retryCost()));
    }
  }

  private static Advice advice(
      String type,
      Priority priority,
      Operation operation,
      String message,
      String rule,
      BigDecimal money) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("operation", operation.name());
    data.put("calls_count", Long.toString(operation.calls()));
    data.put("total_cost", Check.plain(operation.cost()));
    if (operation.calls() > 0) {
      BigDecimal average =
          operation.cost().divide(calls(operation), Amounts.ROUNDED_DECIMALS, RoundingMode.HALF_UP);
      data.put("avg_cost", Check.plain(average));
    }
    data.put("failures", Long.toString(operation.waste().failures()));
    data.put("retries", Long.toString(operation.waste().retries()));
    String name = operation.name();
    return new Advice(type, priority, name + ": " + message, data, rule, money, name);
  }

  private static BigDecimal calls(Operation operation) {
    return BigDecimal.valueOf(operation.calls());
  }
}
