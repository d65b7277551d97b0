package io.billingsdk.costs;

import io.billingsdk.costs.ImportFinding.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What holds between the rows of a catalogue. */
final class CatalogueRules {
  /** One error is enough to refuse a file; those of all pairs of rows would fill the memory. */
  private static final int MOST_FINDINGS = 1_000;

  private CatalogueRules() {}

  static List<ImportFinding> findings(List<PriceRow> rows) {
    Map<String, List<PriceRow>> byModel = new LinkedHashMap<>();
    for (PriceRow row : rows) {
      String model = Check.small(row.key().provider() + "\n" + row.key().model());
      byModel.computeIfAbsent(model, any -> new ArrayList<>()).add(row);
    }
    List<ImportFinding> findings = new ArrayList<>();
    byModel.values().forEach(each -> ofModel(each, findings));
    return findings;
  }

  private static void ofModel(List<PriceRow> rows, List<ImportFinding> findings) {
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < i && findings.size() < MOST_FINDINGS; j++) {
        pair(rows.get(j), rows.get(i), findings);
      }
    }
  }

  private static void pair(PriceRow one, PriceRow other, List<ImportFinding> findings) {
    if (!one.terms().currency().equals(other.terms().currency())) {
      findings.add(
          new ImportFinding(
              Severity.ERROR,
              "currency",
              other.key() + " currency",
              "that of the other prices of this model, " + one.terms().currency(),
              other.terms().currency()));
    }
    if (isSamePlace(one.key(), other.key()) && one.validity().overlaps(other.validity())) {
      findings.add(
          new ImportFinding(
              Severity.ERROR,
              "overlap",
              other.key() + " validity",
              "outside of that of its other row, " + one.validity(),
              other.validity().toString()));
    }
  }

  private static boolean isSamePlace(PriceKey one, PriceKey other) {
    boolean isSameWindow =
        one.window().isEmpty()
            ? other.window().isEmpty()
            : other.window().map(hours -> hours.overlaps(one.window().get())).orElse(false);
    return isSameWindow
        && one.region().equals(other.region())
        && one.serviceTier().equals(other.serviceTier())
        && one.accountOverride() == other.accountOverride();
  }
}
