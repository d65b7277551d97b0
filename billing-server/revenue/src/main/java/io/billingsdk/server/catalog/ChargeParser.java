package io.billingsdk.server.catalog;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Charge.ChargeBuilder;
import io.billingsdk.rating.Conversion;
import io.billingsdk.rating.Conversion.Operation;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Rounding;
import io.billingsdk.server.catalog.PlanCharge.Kind;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.catalog.PriceParser.Price;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.ledger.Dimension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads a charge of a plan. */
final class ChargeParser {
  private static final int MOST_PRICES = 10_000;
  private static final Map<String, Kind> KINDS = MeterParser.words(Kind.values());
  private static final Map<String, Operation> OPERATIONS = MeterParser.words(Operation.values());
  private static final Map<String, Rounding> ROUNDINGS = MeterParser.words(Rounding.values());

  private final Fields fields;
  private final String currency;
  private final List<Price> prices = new ArrayList<>();

  private ChargeParser(Fields fields, String currency) {
    this.fields = fields;
    this.currency = currency;
  }

  static PlanCharge read(Fields fields, String currency) {
    PlanCharge charge = new ChargeParser(fields, currency).charge();
    fields.end();
    return charge;
  }

  private PlanCharge charge() {
    String id = fields.slug("id");
    String name = fields.text("name", Bounds.NAME_CHARS);
    Kind kind =
        fields
            .choice("kind", KINDS)
            .orElseThrow(() -> fields.wrong("kind", "one of " + String.join(", ", KINDS.keySet())));
    Optional<String> meter = fields.optionalSlug("meter");
    ChargeBuilder builder = fields.rated(() -> Charge.builder(currency));
    readPrices(builder);
    readOptions(builder);
    UsageForm form = form();
    requireKind(kind, meter, form);
    Set<String> units = new LinkedHashSet<>();
    prices.forEach(price -> units.addAll(price.units()));
    return new PlanCharge(
        id, name, kind, meter.orElse(null), fields.rated(builder::build), form, List.copyOf(units));
  }

  private void readPrices(ChargeBuilder builder) {
    fields
        .object("price")
        .map(this::price)
        .ifPresent(price -> fields.rated(() -> builder.model(price)));
    Optional<String> dimension = fields.optionalText("dimension", Bounds.NAME_CHARS);
    dimension.ifPresent(this::requireDimension);
    Optional<Fields> byValue = fields.object("prices");
    if (dimension.isPresent() != byValue.isPresent()) {
      throw fields.wrong(
          dimension.isPresent() ? "prices" : "dimension",
          "given: a dimension and the prices of its values belong together");
    }
    byValue.ifPresent(
        values -> {
          Map<String, PriceModel> models = new LinkedHashMap<>();
          for (String value : values.names(MOST_PRICES)) {
            models.put(value, price(values.requiredObject(value)));
          }
          var unused = fields.rated(() -> builder.varyBy(dimension.orElseThrow(), models));
        });
    if (prices.isEmpty()) {
      throw fields.wrong("price", "given, or a dimension with prices");
    }
  }

  private PriceModel price(Fields of) {
    Price price = PriceParser.read(of);
    prices.add(price);
    return price.model();
  }

  private void requireDimension(String name) {
    try {
      var unused = Dimension.of(name);
    } catch (RequestRefusedException refused) {
      throw fields.wrong("dimension", "one of model, module, appId, keyId, metadata.NAME");
    }
  }

  private void readOptions(ChargeBuilder builder) {
    fields.object("conversion").ifPresent(each -> builder.conversion(conversion(each)));
    quantity("includedUnits", builder::includedUnits);
    quantity("discountedUnits", builder::discountedUnits);
    fields.object("discount").ifPresent(each -> builder.discount(discount(each)));
    money("minimum", builder::minimum);
    money("maximum", builder::maximum);
  }

  private void quantity(String name, Consumer<Quantity> setter) {
    fields
        .optionalDecimal(name)
        .ifPresent(
            number -> {
              var unused =
                  named(
                      name,
                      () -> {
                        setter.accept(Quantity.of(number));
                        return number;
                      });
            });
  }

  private void money(String name, Consumer<Money> setter) {
    fields
        .optionalMoney(name, currency)
        .ifPresent(
            number -> {
              var unused =
                  named(
                      name,
                      () -> {
                        setter.accept(Money.of(currency, number));
                        return number;
                      });
            });
  }

  /** The library names a value by what it is; the file by its field. */
  private <T> T named(String name, java.util.function.Supplier<T> made) {
    try {
      return made.get();
    } catch (io.billingsdk.rating.RatingInputException refused) {
      throw fields.wrong(name, refused.expectation());
    }
  }

  private static Conversion conversion(Fields fields) {
    Operation operation =
        fields
            .choice("operation", OPERATIONS)
            .orElseThrow(() -> fields.wrong("operation", "divide or multiply"));
    BigDecimal factor = fields.decimal("factor");
    Rounding rounding = fields.choice("rounding", ROUNDINGS).orElse(Rounding.NONE);
    int decimals = fields.whole("decimals", 0, Bounds.USAGE_DECIMALS).orElse(0);
    fields.end();
    return fields.rated(() -> new Conversion(operation, factor, rounding, decimals));
  }

  private Discount discount(Fields of) {
    Optional<BigDecimal> percent = of.optionalDecimal("percent");
    Optional<BigDecimal> amount = of.optionalMoney("amount", currency);
    of.end();
    if (percent.isPresent() == amount.isPresent()) {
      throw of.wrong("percent", "given, or an amount, and not both");
    }
    return percent.isPresent()
        ? of.rated(() -> new Discount.Percent(percent.get()))
        : of.rated(() -> Discount.amount(Money.of(currency, amount.orElseThrow())));
  }

  private UsageForm form() {
    UsageForm form = prices.get(0).form();
    if (prices.stream().anyMatch(price -> price.form() != form)) {
      throw fields.wrong(
          "prices",
          "all of models that need the same usage: totals, amounts of single events, or peaks");
    }
    return form;
  }

  private void requireKind(Kind kind, Optional<String> meter, UsageForm form) {
    boolean flat = prices.stream().allMatch(Price::isFlat);
    if (kind != Kind.METERED) {
      if (!flat || prices.size() > 1 || fields.has("dimension")) {
        throw fields.wrong("price.model", "flat, since the charge is of the kind of flat charges");
      }
      if (meter.isPresent()) {
        throw fields.wrong("meter", "left out: a flat charge has no meter");
      }
      return;
    }
    if (prices.stream().anyMatch(Price::isFlat)) {
      throw fields.wrong("price.model", "another than flat, since the charge is metered");
    }
    if (form == UsageForm.PEAKS && meter.isPresent()) {
      throw fields.wrong("meter", "left out: a capacity names its meters in the tiers");
    }
    if (form == UsageForm.PEAKS && fields.has("dimension")) {
      throw fields.wrong("dimension", "left out: a capacity has one price");
    }
    if (form != UsageForm.PEAKS && meter.isEmpty()) {
      throw fields.wrong("meter", "given: the slug of the meter that measures the usage");
    }
  }
}
