package io.billingsdk.costs;

import io.billingsdk.costs.ImportFinding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an import of a prices file would do to a catalogue. A person reads it and approves it by its
 * fingerprint; nothing changes before.
 *
 * <p>Immutable.
 */
public final class ImportPlan {
  private final Catalogue present;
  private final List<PriceRow> next;
  private final List<PriceDifference> differences;
  private final List<ImportFinding> findings;
  private final int unchanged;

  private ImportPlan(Catalogue present, ImportMerge merge, List<ImportFinding> findings) {
    this.present = present;
    this.next = List.copyOf(merge.rows());
    this.differences = List.copyOf(merge.differences());
    this.unchanged = merge.unchanged();
    this.findings = List.copyOf(findings);
  }

  /** Plans the import of a file: its rows are added to those of the catalogue. */
  public static ImportPlan of(Catalogue present, PriceFile file) {
    ImportMerge merge = ImportMerge.of(present.rows(), file.rows());
    List<ImportFinding> findings = new ArrayList<>(CatalogueRules.findings(merge.rows()));
    merge.replacements().forEach(pair -> PriceComparison.compare(pair, findings));
    findings.addAll(file.notes());
    return new ImportPlan(present, merge, findings);
  }

  /** The rows that change, in the order of the file. */
  public List<PriceDifference> differences() {
    return differences;
  }

  /** The findings: errors first to read, then those that stop, then notes. */
  public List<ImportFinding> findings() {
    return findings;
  }

  /** Rows of the file that the catalogue has already. */
  public int unchanged() {
    return unchanged;
  }

  /** A digest of the catalogue before and after: an approval names it. */
  public String fingerprint() {
    List<String> texts = new ArrayList<>(List.of(present.version()));
    next.forEach(row -> texts.add(row.canonical()));
    return Digest.of(String.join("\n\n", texts)).substring(0, 16);
  }

  /**
   * The next catalogue.
   *
   * @param current the catalogue that is in force now
   * @param fingerprint of the plan that the person has read
   * @param accepted ids of the findings that stop it and that the person accepts
   * @throws CostInputException where there is an error, a finding that nobody accepted, another
   *     plan, or another catalogue since
   */
  public Catalogue approve(Catalogue current, String fingerprint, Set<String> accepted) {
    if (!current.equals(present)) {
      throw new CostInputException(
          "catalogue", "that of the plan, " + present.version(), current.version());
    }
    if (!fingerprint.equals(fingerprint())) {
      throw new CostInputException(
          "fingerprint", "that of the plan, " + fingerprint(), fingerprint);
    }
    for (ImportFinding finding : findings) {
      boolean isRefused =
          finding.severity() == Severity.ERROR
              || (finding.severity() == Severity.STOP && !accepted.contains(finding.id()));
      if (isRefused) {
        String how = finding.severity() == Severity.STOP ? " (or accepted by its id)" : "";
        throw new CostInputException(
            finding.subject(), finding.expectation() + how, finding.found());
      }
    }
    return Catalogue.of(next);
  }
}
