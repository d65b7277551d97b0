package io.billingsdk.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes invoices and credit notes of a seed, as the server writes them. */
final class SampleInvoices {
  private static final List<String> CURRENCIES = List.of("EUR", "USD", "GBP", "CHF", "JPY", "CNY");
  private static final List<String> RATES = List.of("19", "7", "20", "5.5", "8.1", "25");
  private static final List<String> NAMES =
      List.of("Pro, monthly fee", "Calls & tokens <advanced>", "模型调用", "Übertragene Anfragen");

  private final Random random;
  private final String category;
  private final int index;
  private final boolean isCredit;
  private final String currency;
  private final int scale;
  private final Map<TaxRate, BigDecimal> bases = new LinkedHashMap<>();
  private BigDecimal net = BigDecimal.ZERO;
  private BigDecimal discount = BigDecimal.ZERO;

  private record TaxRate(String category, String percent) {}

  private SampleInvoices(String category, int index, long seed) {
    this.random = new Random(seed * 1_000 + index);
    this.category = category;
    this.index = index;
    this.isCredit = index % 4 == 3;
    this.currency = CURRENCIES.get(index % CURRENCIES.size());
    this.scale = currency.equals("JPY") ? 0 : 2;
  }

  static ObjectNode of(String category, int index, long seed) {
    return new SampleInvoices(category, index, seed).make();
  }

  private ObjectNode make() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("format", "billing-invoice/1").put("kind", isCredit ? "credit_note" : "invoice");
    node.put("number", "acme-" + category + "-" + index).put("issueDate", "2026-12-01");
    node.put("currency", currency);
    seller(node.putObject("seller"));
    customer(node.putObject("customer"));
    if (isCredit) {
      node.putObject("corrects").put("number", "acme-000001").put("issueDate", "2026-11-01");
    }
    ArrayNode lines = node.putArray("lines");
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      line(lines.addObject(), i);
    }
    ArrayNode allowances = node.putArray("allowances");
    if (discount.signum() != 0) {
      allowances.addObject().put("name", "Launch coupon");
    }
    BigDecimal tax = taxes(node.putArray("taxes"));
    totals(node.putObject("totals"), tax);
    if (index % 5 == 2 && !currency.equals("EUR") && !category.equals("O")) {
      node.putObject("accounting")
          .put("currency", "EUR")
          .put("tax", tax.multiply(new BigDecimal("0.9")).setScale(2, RoundingMode.HALF_UP) + "")
          .put("rate", "0.9")
          .put("source", "ECB")
          .put("date", "2026-11-30");
    }
    return node;
  }

  private static void seller(ObjectNode node) {
    node.put("sellerId", "acme").put("name", "Acme GmbH & Co. KG");
    ObjectNode address = node.putObject("address");
    address.putArray("lines").add("Hauptstraße 1").add("Hof 2").add("Etage 3").add("Tür 4");
    address.put("city", "Berlin").put("postalCode", "10115").putNull("region");
    address.put("country", "DE");
    ArrayNode ids = node.putArray("taxIds");
    ids.addObject().put("type", "de_hrb").put("value", "HRB 1234");
    ids.addObject().put("type", "eu_vat").put("value", "DE 123456789");
  }

  private void customer(ObjectNode node) {
    node.put("customerId", "c" + index).put("name", index % 2 == 0 ? "北京示例有限公司" : "Café Zoë");
    node.put("zone", index % 2 == 0 ? "Asia/Shanghai" : "Europe/Vienna").put("locale", "en");
    String country = category.equals("G") || category.equals("O") ? "US" : "AT";
    node.putObject("taxPlace").put("country", country).putNull("region");
    ArrayNode ids = node.putArray("taxIds");
    if (category.equals("AE") || category.equals("K") || index % 3 == 0) {
      ids.addObject().put("type", "eu_vat").put("value", "U12345678");
    }
  }

  private void line(ObjectNode node, int i) {
    // A credit, such as the unused rest of a fee; never on a credit note, and not the first line.
    boolean isNegative = !isCredit && i > 0 && random.nextInt(5) == 0;
    BigDecimal amount =
        BigDecimal.valueOf(random.nextInt(isNegative ? 500 : 100_000) + 600L).movePointLeft(scale);
    node.put("line", i + 1).put("kind", "usage").put("name", NAMES.get(random.nextInt(4)));
    node.put("charge", "calls");
    LocalDate from = LocalDate.of(2026, 11, 1).plusDays(random.nextInt(20));
    node.put("from", from + "T00:00:00Z")
        .put("to", from.plusDays(random.nextInt(10)) + "T23:00:00Z");
    if (i % 2 == 0) {
      ObjectNode detail = node.putObject("detail").put("quantity", "12345.5").put("events", 12);
      ArrayNode steps = detail.putArray("steps");
      steps.addObject().put("quantity", "10").put("unitPrice", amount.movePointLeft(1).toString());
      if (random.nextBoolean()) {
        steps.addObject().put("quantity", "1").put("unitPrice", "1/3");
      }
    }
    BigDecimal signed = isNegative ? amount.negate() : amount;
    boolean isDiscounted = index % 3 == 1 && !isNegative;
    BigDecimal part = isDiscounted ? BigDecimal.valueOf(100).movePointLeft(scale) : zero();
    node.put("net", signed.toPlainString()).put("discount", part.toPlainString());
    TaxRate rate = rate(i);
    node.putObject("tax").put("category", rate.category()).put("percent", rate.percent());
    bases.merge(rate, signed.subtract(part), BigDecimal::add);
    net = net.add(signed);
    discount = discount.add(part);
  }

  private TaxRate rate(int line) {
    boolean isMixed = line == 2 && !category.equals("O") && !category.equals("S");
    if (category.equals("S") || isMixed) {
      return new TaxRate("S", RATES.get(random.nextInt(RATES.size())));
    }
    return new TaxRate(category, "0");
  }

  private BigDecimal taxes(ArrayNode taxes) {
    BigDecimal sum = zero();
    for (Map.Entry<TaxRate, BigDecimal> each : bases.entrySet()) {
      TaxRate rate = each.getKey();
      BigDecimal tax =
          each.getValue()
              .multiply(new BigDecimal(rate.percent()))
              .movePointLeft(2)
              .setScale(scale, RoundingMode.HALF_UP);
      taxes
          .addObject()
          .put("category", rate.category())
          .put("percent", rate.percent())
          .put("base", each.getValue().toPlainString())
          .put("tax", tax.toPlainString());
      sum = sum.add(tax);
    }
    return sum;
  }

  private void totals(ObjectNode node, BigDecimal tax) {
    BigDecimal taxable = net.subtract(discount);
    BigDecimal total = taxable.add(tax);
    BigDecimal prepaid = index % 7 == 1 ? total : zero();
    node.put("net", net.toPlainString()).put("discount", discount.toPlainString());
    node.put("taxable", taxable.toPlainString()).put("tax", tax.toPlainString());
    node.put("total", total.toPlainString()).put("prepaid", prepaid.toPlainString());
    node.put("due", total.subtract(prepaid).toPlainString());
  }

  private BigDecimal zero() {
    return BigDecimal.ZERO.setScale(scale);
  }
}
