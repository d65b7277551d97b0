package io.billingsdk.server.tax;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.invoices.TaxRateJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the taxes of documents by place, category, rate and rule, in the currency of the
 * documents and in that of the accounts. A tax with components has a row for each of them, with the
 * whole base. Credit notes count negative. The sums of a document are kept to the minor unit: if a
 * group of it is of several places, the last of them has the rest. For one thread.
 */
final class TaxReturn {
  private final Map<ReturnKey, ReturnSums> sums = new TreeMap<>();

  /**
   * The key of a row.
   *
   * @param country empty if no rule was asked, as is {@code rule}
   * @param component the name of the component of the tax; empty if it has none
   * @param percent of the component, if there is one
   */
  record ReturnKey(
      String country,
      String region,
      String category,
      String component,
      String percent,
      String rule,
      String currency)
      implements Comparable<ReturnKey> {
    @Override
    public int compareTo(ReturnKey other) {
      return String.join("\n", texts()).compareTo(String.join("\n", other.texts()));
    }

    private List<String> texts() {
      return List.of(country, region, category, component, percent, rule, currency);
    }
  }

  /**
   * The sums of a row.
   *
   * @param accountingBase null if the documents are in the currency of the accounts
   */
  record ReturnSums(
      int documents,
      Money base,
      Money tax,
      @Nullable Money accountingBase,
      @Nullable Money accountingTax) {
    ReturnSums plus(ReturnSums other) {
      return new ReturnSums(
          documents + other.documents,
          base.plus(other.base),
          tax.plus(other.tax),
          sum(accountingBase, other.accountingBase),
          sum(accountingTax, other.accountingTax));
    }

    private static @Nullable Money sum(@Nullable Money one, @Nullable Money other) {
      return one == null ? other : other == null ? one : one.plus(other);
    }
  }

  Map<ReturnKey, ReturnSums> sums() {
    return sums;
  }

  void add(JsonNode document) {
    // A void document takes back like a credit note.
    boolean isCredit = !document.path("kind").asText().equals("invoice");
    JsonNode groups = document.path("taxes");
    for (int i = 0; i < groups.size(); i++) {
      group(document, groups.get(i), document.at("/accounting/taxes/" + i), isCredit);
    }
  }

  private void group(JsonNode document, JsonNode group, JsonNode accounting, boolean isCredit) {
    TaxRate rate = TaxRateJson.read(group);
    if (rate.components().isEmpty()) {
      TaxRow row = new TaxRow(rate.category(), "", text(group, "percent"));
      add(document, new TaxNodes(group, group, accounting, accounting), row, isCredit);
    }
    for (int i = 0; i < rate.components().size(); i++) {
      String place = "/components/" + i;
      JsonNode component = group.at(place);
      TaxRow row = new TaxRow(rate.category(), text(component, "name"), text(component, "percent"));
      add(
          document,
          new TaxNodes(group, component, accounting, accounting.at(place)),
          row,
          isCredit);
    }
  }

  /** The part of a key that a tax or a component of it has. */
  private record TaxRow(String category, String component, String percent) {
    TaxRate rate() {
      return TaxRate.of(category, percent);
    }
  }

  /**
   * The amounts of a tax.
   *
   * @param taxed the group, or a component of it; it has the field tax
   * @param accounting the group in the currency of the accounts; missing if it is not another one
   */
  private record TaxNodes(
      JsonNode group, JsonNode taxed, JsonNode accounting, JsonNode accountingTaxed) {}

  private void add(JsonNode document, TaxNodes nodes, TaxRow row, boolean isCredit) {
    String currency = document.path("currency").asText();
    Map<ReturnKey, Money> places = places(document, nodes.group(), row, currency);
    Parts bases = new Parts(Money.of(currency, text(nodes.group(), "base")), isCredit);
    Parts taxes = new Parts(Money.of(currency, text(nodes.taxed(), "tax")), isCredit);
    @Nullable Parts otherBases = null;
    @Nullable Parts otherTaxes = null;
    if (!nodes.accounting().isMissingNode()) {
      String other = document.at("/accounting/currency").asText();
      otherBases = new Parts(Money.of(other, text(nodes.accounting(), "base")), isCredit);
      otherTaxes = new Parts(Money.of(other, text(nodes.accountingTaxed(), "tax")), isCredit);
    }
    List<ReturnKey> keys = new ArrayList<>(places.keySet());
    for (int i = 0; i < keys.size(); i++) {
      boolean isLast = i == keys.size() - 1;
      Money base = places.getOrDefault(keys.get(i), Money.zero(currency));
      ReturnSums part =
          new ReturnSums(
              1,
              bases.take(base, isLast),
              taxes.take(row.rate().on(base), isLast),
              otherBases == null ? null : otherBases.share(base, bases.whole(), isLast),
              otherTaxes == null ? null : otherTaxes.share(base, bases.whole(), isLast));
      sums.merge(keys.get(i), part, ReturnSums::plus);
    }
  }

  /** The rows of a group, with the net amounts of their lines less the discounts on them. */
  private static Map<ReturnKey, Money> places(
      JsonNode document, JsonNode group, TaxRow row, String currency) {
    TaxRate rate = TaxRateJson.read(group);
    Map<ReturnKey, Money> places = new LinkedHashMap<>();
    for (JsonNode line : document.path("lines")) {
      JsonNode tax = line.path("tax");
      if (TaxRateJson.read(tax).equals(rate)) {
        Money net =
            Money.of(currency, text(line, "net")).minus(Money.of(currency, text(line, "discount")));
        places.merge(
            new ReturnKey(
                text(tax, "country"),
                text(tax, "region"),
                row.category(),
                row.component(),
                row.percent(),
                text(tax, "rule"),
                currency),
            net,
            Money::plus);
      }
    }
    return places;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }

  /** Parts of an amount, which add up to it. */
  private static final class Parts {
    private final Money whole;
    private final boolean isCredit;
    private Money left;

    Parts(Money whole, boolean isCredit) {
      this.whole = whole;
      this.isCredit = isCredit;
      this.left = whole;
    }

    Money whole() {
      return whole;
    }

    Money take(Money wanted, boolean isLast) {
      Money part = isLast ? left : wanted;
      left = left.minus(part);
      return isCredit ? part.negated() : part;
    }

    /** As much of this amount as a part is of a whole of another one. */
    Money share(Money part, Money of, boolean isLast) {
      Money wanted =
          of.signum() == 0
              ? Money.zero(whole.currency())
              : Money.rounded(
                  whole.currency(), whole.exactly().times(part.exactly()).dividedBy(of.exactly()));
      return take(wanted, isLast);
    }
  }
}
