package io.billingsdk.server.catalog;

import io.billingsdk.server.catalog.ViolationTerms.Action;
import io.billingsdk.server.catalog.ViolationTerms.End;
import io.billingsdk.server.catalog.ViolationTerms.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what many refused calls lead to. */
final class ViolationsParser {
  private static final int MOST = 16;
  private static final int MOST_REFUSALS = 1_000_000_000;
  private static final Map<String, Window> WINDOWS = MeterParser.words(Window.values());
  private static final Map<String, Action> ACTIONS = MeterParser.words(Action.values());
  private static final Map<String, End> ENDS = MeterParser.words(End.values());

  private ViolationsParser() {}

  static List<ViolationTerms> read(Fields fields) {
    List<ViolationTerms> all = new ArrayList<>();
    for (Fields each : fields.objects("violations", MOST)) {
      all.add(one(each));
    }
    return all;
  }

  private static ViolationTerms one(Fields fields) {
    int after =
        fields
            .whole("after", 1, MOST_REFUSALS)
            .orElseThrow(() -> fields.wrong("after", "a whole number from 1 to " + MOST_REFUSALS));
    Window per = fields.choice("per", WINDOWS).orElse(Window.DAY);
    Action then =
        fields
            .choice("then", ACTIONS)
            .orElseThrow(
                () -> fields.wrong("then", "one of " + String.join(", ", ACTIONS.keySet())));
    Optional<RateTerms> rate = fields.object("rate").map(EntitlementsParser::rate);
    if (rate.isPresent() != (then == Action.LOWER_RATE)) {
      throw fields.wrong("rate", "given with lowerRate, and with nothing else");
    }
    Optional<End> until = fields.choice("until", ENDS);
    if (until.isPresent() && then != Action.LOWER_RATE && then != Action.BLOCK) {
      throw fields.wrong("until", "left out: only lowerRate and block last");
    }
    List<String> reasons = reasons(fields);
    fields.end();
    return new ViolationTerms(
        after, per, reasons, then, rate.orElse(null), until.orElse(End.LIFTED));
  }

  private static List<String> reasons(Fields fields) {
    if (!fields.has("reasons")) {
      return ViolationTerms.USUAL_REASONS;
    }
    List<String> reasons = fields.texts("reasons", ViolationTerms.REASONS.size(), 64);
    if (reasons.isEmpty() || !ViolationTerms.REASONS.containsAll(reasons)) {
      throw fields.wrong(
          "reasons", "a list of one or more of " + String.join(", ", ViolationTerms.REASONS));
    }
    return reasons;
  }
}
