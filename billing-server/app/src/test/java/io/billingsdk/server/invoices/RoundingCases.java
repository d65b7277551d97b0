package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseCustomer;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseLine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Cases of rounding: single amounts as lines, and parts of an amount as a coupon over lines. */
final class RoundingCases {
  private final MoneyCaseWorld world;
  private final CaseValues found;

  RoundingCases(MoneyCaseWorld world, CaseValues found) {
    this.world = world;
    this.found = found;
  }

  void run(JsonNode one, String topic) throws Exception {
    switch (topic) {
      case "rounding.allocation" -> allocation(one);
      case "rounding.decimal_text" -> decimalText(one);
      default -> rounded(one);
    }
  }

  /** Usage at a price of 1; an amount below 0 is a credit note for all of it. */
  private void rounded(JsonNode one) throws Exception {
    List<String> amounts = new ArrayList<>();
    for (JsonNode input : one.at("/when/inputs")) {
      String currency = input.isArray() ? input.get(0).asText() : currency(one);
      String amount = input.isArray() ? input.get(1).asText() : input.asText();
      CaseLine line = CaseLine.of(amount.replace("-", ""), "0");
      Issued invoice = world.bill(world.customer(currency), List.of(line));
      if (amount.startsWith("-")) {
        String note =
            world
                .notes()
                .credit(invoice.number(), List.of(new PartOfLine(1, invoice.net())), "wrong");
        amounts.add(world.world.invoices().require(note).net().negate().toPlainString());
      } else {
        amounts.add(invoice.net().toPlainString());
      }
    }
    found.list(one, "amounts", amounts);
  }

  /** Usage has at most 18 decimals; at the price of a cent the line has 20 before its rounding. */
  private void decimalText(JsonNode one) throws Exception {
    BigDecimal usage = new BigDecimal(one.at("/when/amount").asText()).movePointRight(2);
    Issued invoice = world.billCents(world.customer(currency(one)), usage);
    found.text(one, "minor_units", invoice.net().movePointRight(2).setScale(0).toPlainString());
  }

  /** A coupon is divided by the amounts of lines, which are a hundred times the weights. */
  private void allocation(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one));
    world.coupon(customer, one.at("/when/total"));
    List<CaseLine> lines = new ArrayList<>();
    for (JsonNode weight : one.at("/when/weights")) {
      lines.add(CaseLine.of(weight.asText() + "00", "0"));
    }
    List<String> parts = new ArrayList<>();
    for (JsonNode line : BillingCasesThroughInvoicesTest.charged(world.bill(customer, lines))) {
      parts.add(line.path("discount").asText());
    }
    found.list(one, "parts", parts);
  }

  /** Of those with four decimals there is one in ISO 4217. */
  private static String currency(JsonNode one) {
    String currency = one.at("/given/currency").asText();
    return currency.equals("custom with 4 decimals") ? "CLF" : currency;
  }
}
