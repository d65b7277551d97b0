package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.server.invoices.Bill.BillSums;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Paper;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Grounds and amounts of taxes as documents, pins and rows have them. */
final class TaxJson {
  private TaxJson() {}

  /** Adds the grounds to a tax; nothing if there are none. */
  static void grounds(ObjectNode node, @Nullable TaxGrounds grounds) {
    if (grounds == null) {
      return;
    }
    node.put("point", grounds.point().toString()).put("country", grounds.country());
    put(node, "region", grounds.region());
    node.put("rule", grounds.rule());
    put(node, "source", grounds.source());
    put(node, "reasonCode", grounds.reasonCode());
    put(node, "reason", grounds.reason());
    put(node, "sellerTaxId", grounds.sellerTaxId());
    put(node, "customerTaxId", grounds.customerTaxId());
    put(node, "taxIdStatus", grounds.taxIdStatus());
  }

  /** Reads grounds; null if a tax has none. */
  static @Nullable TaxGrounds grounds(JsonNode node) {
    if (!node.has("rule")) {
      return null;
    }
    return new TaxGrounds(
        LocalDate.parse(node.get("point").textValue()),
        node.get("country").textValue(),
        node.path("region").textValue(),
        node.get("rule").textValue(),
        node.path("source").textValue(),
        node.path("reasonCode").textValue(),
        node.path("reason").textValue(),
        node.path("sellerTaxId").textValue(),
        node.path("customerTaxId").textValue(),
        node.path("taxIdStatus").textValue());
  }

  /** As the column of a line has it; null for none. */
  static @Nullable String column(@Nullable TaxGrounds grounds) {
    if (grounds == null) {
      return null;
    }
    ObjectNode node = CanonicalJson.object();
    grounds(node, grounds);
    return node.toString();
  }

  /** A group of a document has the reason of its lines: that of the first one. */
  static void reason(ObjectNode node, TaxGroup group, Paper paper) {
    paper.lines().stream()
        .filter(line -> line.tax().equals(group.rate()))
        .map(Line::grounds)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            grounds -> {
              put(node, "reasonCode", grounds.reasonCode());
              put(node, "reason", grounds.reason());
            });
  }

  /** The taxes in the currency of the accounts, which add up to their sum there. */
  static void accounting(ObjectNode document, BillSums sums, @Nullable AccountingRate rate) {
    if (rate == null) {
      return;
    }
    ObjectNode node = document.putObject("accounting");
    rate(node, rate);
    Money tax = Money.zero(rate.currency());
    ArrayNode taxes = node.putArray("taxes");
    for (TaxGroup group : sums.groups()) {
      List<Money> parts = group.parts().stream().map(rate::of).toList();
      Money part = parts.stream().reduce(Money::plus).orElseGet(() -> rate.of(group.tax()));
      tax = tax.plus(part);
      TaxRateJson.write(taxes.addObject(), group.rate(), parts)
          .put("base", DetailJson.amount(rate.of(group.base())))
          .put("tax", DetailJson.amount(part));
    }
    node.put("tax", DetailJson.amount(tax));
  }

  private static void rate(ObjectNode node, AccountingRate rate) {
    node.put("currency", rate.currency())
        .put("base", rate.base())
        .put("quote", rate.quote())
        .put("rate", rate.rate().toPlainString())
        .put("day", rate.day().toString())
        .put("source", rate.source());
  }

  /** Reads the rate of a document or a pin; null if it has none. */
  static @Nullable AccountingRate rate(JsonNode node) {
    if (!node.has("rate")) {
      return null;
    }
    return new AccountingRate(
        node.get("currency").textValue(),
        node.get("base").textValue(),
        node.get("quote").textValue(),
        new BigDecimal(node.get("rate").textValue()),
        LocalDate.parse(node.get("day").textValue()),
        node.get("source").textValue());
  }

  /** Adds pins; nothing if there are none, as of invoices without registrations. */
  static void pins(ObjectNode node, TaxPins pins) {
    if (!pins.grounds().isEmpty()) {
      ObjectNode all = node.putObject("taxGrounds");
      pins.grounds().forEach((day, each) -> grounds(all.putObject(day.toString()), each));
    }
    if (pins.accounting() != null) {
      rate(node.putObject("accounting"), pins.accounting());
    }
  }

  static TaxPins pins(JsonNode node) {
    Map<LocalDate, TaxGrounds> grounds = new TreeMap<>();
    node.path("taxGrounds")
        .properties()
        .forEach(each -> put(grounds, LocalDate.parse(each.getKey()), each.getValue()));
    return new TaxPins(grounds, rate(node.path("accounting")));
  }

  static void ofOriginal(ObjectNode node, TaxOfOriginal tax) {
    if (!tax.grounds().isEmpty()) {
      ObjectNode all = node.putObject("taxGrounds");
      tax.grounds().forEach((place, each) -> grounds(all.putObject(place.toString()), each));
    }
    if (tax.accounting() != null) {
      rate(node.putObject("accounting"), tax.accounting());
    }
  }

  static TaxOfOriginal ofOriginal(JsonNode node) {
    Map<Integer, TaxGrounds> grounds = new TreeMap<>();
    node.path("taxGrounds")
        .properties()
        .forEach(each -> put(grounds, Integer.valueOf(each.getKey()), each.getValue()));
    return new TaxOfOriginal(grounds, rate(node.path("accounting")));
  }

  private static <K> void put(Map<K, TaxGrounds> all, K key, JsonNode node) {
    TaxGrounds grounds = grounds(node);
    if (grounds != null) {
      all.put(key, grounds);
    }
  }

  private static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }
}
