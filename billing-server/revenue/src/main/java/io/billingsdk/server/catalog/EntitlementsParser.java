package io.billingsdk.server.catalog;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.catalog.QuotaTerms.Mode;
import io.billingsdk.server.catalog.QuotaTerms.Period;
import io.billingsdk.server.catalog.QuotaTerms.Scope;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a plan allows. */
final class EntitlementsParser {
  static final int MOST_GROUPS = 100;
  static final int MOST_MODELS = 1_000;

  private static final int MOST_QUOTAS = 32;
  private static final int MOST_FEATURES = 100;
  private static final int MOST_THRESHOLDS = 32;
  private static final int HIGHEST_PERCENT = 1_000;
  private static final List<Integer> THRESHOLDS = List.of(50, 80, 100);
  private static final BigDecimal HIGHEST_RATE = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal LOWEST_RATE = new BigDecimal("0.001");
  private static final Map<String, Mode> MODES = MeterParser.words(Mode.values());
  private static final Map<String, Period> PERIODS = MeterParser.words(Period.values());
  private static final Map<String, PastDueTerms.Action> PAST_DUE =
      MeterParser.words(PastDueTerms.Action.values());
  private static final Map<String, Scope> SCOPES = MeterParser.words(Scope.values());

  private EntitlementsParser() {}

  /**
   * Entitlements.
   *
   * @param groups the names of the groups of models that were used
   */
  record Parsed(Entitlements entitlements, List<String> groups) {}

  static Parsed read(Fields fields, Map<String, List<String>> groups) {
    boolean all = fields.isWord("models", "all");
    Set<String> models = new LinkedHashSet<>();
    List<String> used = all ? List.of() : fields.texts("groups", MOST_GROUPS, 64);
    for (int i = 0; i < used.size(); i++) {
      List<String> group = groups.get(used.get(i));
      if (group == null) {
        throw fields.wrong(
            "groups[" + i + "]",
            "the name of a group of modelGroups; there is none with the name " + used.get(i));
      }
      models.addAll(group);
    }
    if (!all) {
      models.addAll(ModelPatterns.read(fields, "models", MOST_MODELS));
      if (models.isEmpty()) {
        throw fields.wrong("models", "all, or a list of models, or groups given");
      }
    }
    Entitlements entitlements =
        new Entitlements(
            List.copyOf(models),
            fields.object("rate").map(EntitlementsParser::rate).orElse(null),
            quotas(fields),
            fields
                .object("features")
                .map(features -> features.features(MOST_FEATURES, Bounds.NAME_CHARS))
                .orElse(Map.of()),
            ViolationsParser.read(fields),
            fields.object("pastDue").map(EntitlementsParser::pastDue).orElse(PastDueTerms.USUAL));
    fields.end();
    return new Parsed(entitlements, used);
  }

  private static PastDueTerms pastDue(Fields fields) {
    PastDueTerms.Action then =
        fields
            .choice("then", PAST_DUE)
            .orElseThrow(
                () -> fields.wrong("then", "one of " + String.join(", ", PAST_DUE.keySet())));
    RateTerms rate = fields.object("rate").map(EntitlementsParser::rate).orElse(null);
    if ((then == PastDueTerms.Action.LIMIT) != (rate != null)) {
      throw fields.wrong("rate", "given with then: limit, and with nothing else");
    }
    fields.end();
    return new PastDueTerms(then, rate);
  }

  static RateTerms rate(Fields fields) {
    BigDecimal perSecond = fields.decimal("perSecond");
    if (perSecond.compareTo(LOWEST_RATE) < 0 || perSecond.compareTo(HIGHEST_RATE) > 0) {
      throw fields.wrong("perSecond", "0.001 to 1000000");
    }
    int burst =
        fields
            .whole("burst", 1, 1_000_000)
            .orElseThrow(() -> fields.wrong("burst", "a whole number from 1 to 1000000"));
    fields.end();
    return new RateTerms(perSecond, burst);
  }

  private static List<QuotaTerms> quotas(Fields fields) {
    List<QuotaTerms> quotas = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Fields each : fields.objects("quotas", MOST_QUOTAS)) {
      QuotaTerms quota = quota(each);
      if (!seen.add(quota.meter() + " " + quota.scope())) {
        throw each.wrong("meter", "another one: there is a quota of it with the same scope above");
      }
      quotas.add(quota);
    }
    return quotas;
  }

  private static QuotaTerms quota(Fields fields) {
    String meter = fields.slug("meter");
    BigDecimal limit = fields.decimal("limit");
    Mode mode =
        fields
            .choice("mode", MODES)
            .orElseThrow(() -> fields.wrong("mode", "one of " + String.join(", ", MODES.keySet())));
    Optional<BigDecimal> cap = fields.optionalDecimal("overageCap");
    if (cap.isPresent() && mode != Mode.OVERAGE) {
      throw fields.wrong("overageCap", "left out: only the mode overage has a cap");
    }
    Period period = fields.choice("period", PERIODS).orElse(Period.CALENDAR_MONTH);
    Scope scope = fields.choice("scope", SCOPES).orElse(Scope.CUSTOMER);
    if (meter.equals(QuotaTerms.AMOUNT) && scope != Scope.CUSTOMER) {
      throw fields.wrong("scope", "customer: all keys of a customer share a spend cap");
    }
    List<Integer> thresholds =
        fields.has("thresholds")
            ? fields.rising("thresholds", MOST_THRESHOLDS, 1, HIGHEST_PERCENT)
            : THRESHOLDS;
    Integer every = fields.whole("thresholdEvery", 1, HIGHEST_PERCENT).orElse(null);
    fields.end();
    return new QuotaTerms(meter, limit, mode, cap.orElse(null), period, scope, thresholds, every);
  }
}
