package io.billingsdk.server.catalog;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanFile.CaseResult;
import io.billingsdk.server.catalog.PlanQuote.QuotedLine;
import io.billingsdk.server.common.RequestRefusedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cases of a plan as a file: usage in, amounts out. With them the author of a plan knows that it
 * costs what it should, also after the next change. Immutable.
 */
final class PlanCases {
  private static final int MOST_CASES = 10_000;
  private static final int MOST_METERS = 100;
  private static final int MOST_EVENTS = 10_000;

  private final List<PlanCase> cases;

  private PlanCases(List<PlanCase> cases) {
    this.cases = List.copyOf(cases);
  }

  private record PlanCase(
      String name,
      String plan,
      Map<String, Usage> usage,
      Map<String, BigDecimal> amounts,
      @Nullable BigDecimal total) {}

  /**
   * Reads a file, in YAML or JSON.
   *
   * @throws RequestRefusedException naming the field that is wrong, or the line
   */
  static PlanCases parse(String text) {
    Fields fields = Fields.of(CatalogYaml.read(text));
    List<PlanCase> cases = new ArrayList<>();
    for (Fields each : fields.objects("cases", MOST_CASES)) {
      cases.add(read(each));
    }
    fields.end();
    if (cases.isEmpty()) {
      throw fields.wrong("cases", "a list of 1 to " + MOST_CASES);
    }
    return new PlanCases(cases);
  }

  /** Rates each case by the plans of a file. */
  List<CaseResult> run(PlanFile file) {
    return cases.stream().map(each -> run(file, each)).toList();
  }

  private static PlanCase read(Fields fields) {
    String name = fields.text("name", Bounds.NAME_CHARS);
    String plan = fields.slug("plan");
    Map<String, Usage> usage = new LinkedHashMap<>();
    fields
        .object("usage")
        .ifPresent(
            object ->
                object.names(MOST_METERS).forEach(meter -> usage.put(meter, usage(object, meter))));
    Map<String, BigDecimal> amounts = new LinkedHashMap<>();
    fields
        .object("amounts")
        .ifPresent(
            object ->
                object
                    .names(MOST_METERS)
                    .forEach(charge -> amounts.put(charge, object.decimal(charge))));
    Optional<BigDecimal> total = fields.optionalDecimal("total");
    fields.end();
    if (amounts.isEmpty() && total.isEmpty()) {
      throw fields.wrong("total", "given, or amounts of charges: the case expects nothing");
    }
    return new PlanCase(name, plan, usage, amounts, total.orElse(null));
  }

  /** A number, numbers by the values of a dimension, or the amounts of single events. */
  static Usage usage(Fields fields, String meter) {
    if (fields.isObject(meter)) {
      Fields object = fields.requiredObject(meter);
      Map<String, Usage> byValue = new LinkedHashMap<>();
      object.names(MOST_METERS).forEach(value -> byValue.put(value, usage(object, value)));
      return new Usage.ByValue(byValue);
    }
    if (fields.isList(meter)) {
      return new Usage.Events(
          fields.decimals(meter, MOST_EVENTS).stream()
              .map(amount -> quantity(fields, meter, amount))
              .toList());
    }
    return Usage.of(quantity(fields, meter, fields.decimal(meter)));
  }

  private static Quantity quantity(Fields fields, String meter, BigDecimal number) {
    try {
      return Quantity.of(number);
    } catch (RatingInputException refused) {
      throw fields.wrong(meter, refused.expectation());
    }
  }

  private static CaseResult run(PlanFile file, PlanCase test) {
    Optional<PlanVersion> plan = file.plan(test.plan());
    if (plan.isEmpty()) {
      return new CaseResult(
          test.name(), null, List.of("the file has no plan with the id " + test.plan()));
    }
    try {
      PlanQuote quote = PlanQuote.of(plan.get(), test.usage());
      return new CaseResult(test.name(), quote.total(), differences(test, plan.get(), quote));
    } catch (RequestRefusedException refused) {
      return new CaseResult(test.name(), null, List.of(String.valueOf(refused.getMessage())));
    }
  }

  private static List<String> differences(PlanCase test, PlanVersion plan, PlanQuote quote) {
    List<String> differences = new ArrayList<>();
    for (String meter : test.usage().keySet()) {
      if (plan.charges().stream().noneMatch(charge -> charge.meters().contains(meter))) {
        differences.add("no charge of the plan reads the meter " + meter);
      }
    }
    Map<String, Money> charged = new LinkedHashMap<>();
    for (QuotedLine line : quote.lines()) {
      charged.put(line.charge().id(), line.line().amount());
    }
    test.amounts()
        .forEach(
            (charge, expected) -> {
              Money amount = charged.get(charge);
              if (amount == null) {
                differences.add("the plan has no charge with the id " + charge);
              } else {
                compare("the charge " + charge, expected, amount, differences);
              }
            });
    if (test.total() != null) {
      compare("the total", test.total(), quote.total(), differences);
    }
    return differences;
  }

  private static void compare(
      String what, BigDecimal expected, Money amount, List<String> differences) {
    if (amount.amount().compareTo(expected) != 0) {
      differences.add(what + " must be " + expected.toPlainString() + ", but is " + amount);
    }
  }
}
