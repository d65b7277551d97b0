package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.billingsdk.rating.Billed;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PeriodPart;
import io.billingsdk.rating.ProgressiveBilling;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.RatedLine;
import io.billingsdk.rating.Step;
import io.billingsdk.rating.Usage;
import java.util.List;

/** A period that is billed in parts, and usage that comes late. */
final class PartCases {
  private PartCases() {}

  static void run(Case one) {
    JsonNode when = one.when;
    String before = when.path("already_rated_quantity").asText("0");
    PeriodPart part = when.path("last_part").asBoolean() ? PeriodPart.COMPLETE : PeriodPart.RUNNING;
    Quantity all = sum(before, when.get("further_quantity").asText());
    Money billed = Texts.money(one.currency(), when.get("already_billed"));
    Charge charge = Charges.of(one);
    RatedLine further =
        charge.further(
            new Billed(Usage.of(before), PeriodPart.RUNNING, billed), Usage.of(all), part);
    one.same("further_amount", further.amount());
    one.same("period_total", billed.plus(further.amount()));
    one.same("minimum_top_up", further.amountOf(Step.Kind.MINIMUM_TOP_UP));
    one.same("capped_away", further.amountOf(Step.Kind.CAPPED).negated());
    if (one.expects("lines")) {
      lines(one, further.steps());
    }
  }

  private static void lines(Case one, List<Step> steps) {
    List<JsonNode> expected = Texts.list(one.expected("lines"));
    one.same("number of lines", IntNode.valueOf(expected.size()), steps.size());
    for (int i = 0; i < Math.min(expected.size(), steps.size()); i++) {
      Step step = steps.get(i);
      one.sameList(
          "line " + i, expected.get(i), List.of(step.quantity(), step.unitPrice(), step.amount()));
    }
  }

  static void late(Case one) {
    if (one.when.has("already_invoiced_progressively")) {
      progressive(one);
      return;
    }
    boolean delta = one.when.has("quantity_now");
    String before = one.when.get(delta ? "billed_quantity" : "first_invoice_quantity").asText();
    Quantity all =
        delta
            ? Quantity.parse(one.when.get("quantity_now").asText())
            : sum(before, one.when.get("later_quantity").asText());
    Money billed =
        Texts.money(one.currency(), one.when.get(delta ? "billed_amount" : "first_invoice"));
    RatedLine further =
        Charges.of(one)
            .further(
                new Billed(Usage.of(before), PeriodPart.COMPLETE, billed),
                Usage.of(all),
                PeriodPart.COMPLETE);
    one.same("delta", further.amount());
    one.same("second_invoice", further.amount());
    one.same("period_total", billed.plus(further.amount()));
  }

  private static void progressive(Case one) {
    Money usage = Texts.money(one.currency(), one.when.get("period_usage"));
    Money fee = Texts.money(one.currency(), one.when.get("subscription_fee"));
    Money invoiced = Texts.money(one.currency(), one.when.get("already_invoiced_progressively"));
    ProgressiveBilling end = ProgressiveBilling.end(usage, invoiced);
    one.same("progressive_credit", end.credit().negated());
    one.same("total", usage.plus(fee).minus(end.credit()));
  }

  /** The line of what was used beyond a quantity that was billed as it is rated today. */
  static RatedLine further(Charge charge, String before, String more, PeriodPart part) {
    Money billed = charge.rate(Usage.of(before), PeriodPart.RUNNING).amount();
    return charge.further(
        new Billed(Usage.of(before), PeriodPart.RUNNING, billed),
        Usage.of(sum(before, more)),
        part);
  }

  private static Quantity sum(String one, String other) {
    return Quantity.parse(one).plus(Quantity.parse(other));
  }
}
