package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Commitment;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.catalog.EntitlementsParser.Parsed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a plan of a file, a body or its row. */
final class PlanParser {
  private static final String GROUPS = "modelGroups";
  private static final int MOST_CHARGES = 100;
  private static final int MOST_TRIAL_DAYS = 730;
  private static final int MOST_INTERVALS = 120;
  private static final Map<String, BillingInterval.Unit> UNITS =
      MeterParser.words(BillingInterval.Unit.values());

  private PlanParser() {}

  /** A plan that stands alone. */
  static PlanDocument read(JsonNode root) {
    return read(Fields.of(root), Map.of());
  }

  /**
   * A plan.
   *
   * @param shared groups of models of its file, beside its own
   */
  static PlanDocument read(Fields fields, Map<String, List<String>> shared) {
    String plan = fields.slug("plan");
    String name = fields.text("name", Bounds.NAME_CHARS);
    String currency = currency(fields);
    BillingInterval interval = interval(fields);
    int trialDays = fields.whole("trialDays", 0, MOST_TRIAL_DAYS).orElse(0);
    Map<String, List<String>> groups = new LinkedHashMap<>(shared);
    groups.putAll(groups(fields));
    // Now, so that it stands here in each copy, whether its groups are of the file or its own.
    ObjectNode groupsCopy = fields.copy().putObject(GROUPS);
    Parsed parsed = EntitlementsParser.read(fields.requiredObject("entitlements"), groups);
    List<PlanCharge> charges = charges(fields, currency, parsed.entitlements());
    Commitment commitment = commitment(fields, currency);
    ProgressiveTerms progressive = ProgressiveParser.read(fields, currency);
    fields.end();
    keepUsed(fields.copy(), groupsCopy, parsed.groups(), groups);
    return new PlanDocument(
        plan,
        name,
        currency,
        interval,
        trialDays,
        charges,
        commitment,
        progressive,
        parsed.entitlements(),
        fields.copy());
  }

  /** The groups of a file or of a plan; none when the field is not there. */
  static Map<String, List<String>> groups(Fields fields) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    fields
        .object(GROUPS)
        .ifPresent(
            object -> {
              for (String name : object.names(EntitlementsParser.MOST_GROUPS)) {
                List<String> models =
                    ModelPatterns.read(object, name, EntitlementsParser.MOST_MODELS);
                if (models.isEmpty()) {
                  throw object.wrong(name, "a list of 1 to " + EntitlementsParser.MOST_MODELS);
                }
                groups.put(name, models);
              }
            });
    return groups;
  }

  private static void keepUsed(
      ObjectNode copy, ObjectNode groupsCopy, List<String> used, Map<String, List<String>> groups) {
    for (String name : used) {
      var list = groupsCopy.putArray(name);
      groups.getOrDefault(name, List.of()).forEach(list::add);
    }
    if (used.isEmpty()) {
      copy.remove(GROUPS);
    }
  }

  private static String currency(Fields fields) {
    String code = fields.text("currency", 3);
    try {
      return Money.zero(code).currency();
    } catch (RatingInputException refused) {
      throw fields.wrong("currency", refused.expectation());
    }
  }

  private static BillingInterval interval(Fields fields) {
    BillingInterval.Unit unit =
        fields
            .choice("interval", UNITS)
            .orElseThrow(
                () -> fields.wrong("interval", "one of " + String.join(", ", UNITS.keySet())));
    int count = fields.whole("intervalCount", 1, MOST_INTERVALS).orElse(1);
    return new BillingInterval(count, unit);
  }

  private static List<PlanCharge> charges(
      Fields fields, String currency, Entitlements entitlements) {
    List<PlanCharge> charges = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Fields each : fields.objects("charges", MOST_CHARGES)) {
      PlanCharge charge = ChargeParser.read(each, currency);
      if (!ids.add(charge.id())) {
        throw each.wrong("id", "another one: there is a charge with this id above");
      }
      requirePrices(each, charge, entitlements);
      charges.add(charge);
    }
    return charges;
  }

  /** Refuses a charge that has no price for a value that may occur: nobody could invoice it. */
  private static void requirePrices(Fields fields, PlanCharge charge, Entitlements entitlements) {
    String dimension = charge.charge().dimension();
    if (dimension == null || fields.has("price")) {
      return;
    }
    List<String> allowed = entitlements.models();
    if (!dimension.equals("model") || !ModelPatterns.areNames(allowed)) {
      throw fields.wrong(
          "price", "given: the default for each " + dimension + " that prices does not list");
    }
    List<String> missing =
        allowed.stream().filter(each -> !charge.charge().models().containsKey(each)).toList();
    if (!missing.isEmpty()) {
      throw fields.wrong(
          "prices",
          "given for each model that the plan allows, or a default price; there is none for "
              + missing.get(0));
    }
  }

  private static @Nullable Commitment commitment(Fields fields, String currency) {
    BigDecimal amount = fields.optionalMoney("commitment", currency).orElse(null);
    if (amount == null) {
      return null;
    }
    try {
      return new Commitment(Money.of(currency, amount));
    } catch (RatingInputException refused) {
      throw fields.wrong("commitment", refused.expectation());
    }
  }
}
