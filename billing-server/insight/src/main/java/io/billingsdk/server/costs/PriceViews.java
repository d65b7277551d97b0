package io.billingsdk.server.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.ImportFinding;
import io.billingsdk.costs.PriceDifference;
import io.billingsdk.costs.PriceFile;
import io.billingsdk.costs.PriceRow;
import io.billingsdk.server.costs.Catalogues.ListedCatalogue;
import io.billingsdk.server.costs.Prices.PlannedImport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The price list as the API shows it. */
final class PriceViews {
  private static final int MOST = 1_000;

  private PriceViews() {}

  /** A row, and what it says as a row of a prices file. */
  record PriceView(String id, String provider, String model, JsonNode row) {
    static PriceView of(PriceRow row) {
      return new PriceView(
          row.id(),
          row.key().provider(),
          row.key().model(),
          CostRows.tree(PriceFile.write(List.of(row))).path("prices").path(0));
    }
  }

  record CatalogueView(
      String version,
      int rows,
      String reason,
      List<String> accepted,
      String actor,
      Instant madeAt) {
    static CatalogueView of(ListedCatalogue listed) {
      return new CatalogueView(
          listed.version(),
          listed.rows(),
          listed.reason(),
          listed.accepted(),
          listed.actor(),
          listed.madeAt());
    }
  }

  record PlanView(
      String catalogue,
      String fingerprint,
      int added,
      int changed,
      int closed,
      int unchanged,
      List<String> differences,
      List<FindingView> findings) {
    static PlanView of(PlannedImport planned) {
      List<PriceDifference> all = planned.plan().differences();
      return new PlanView(
          planned.version(),
          planned.plan().fingerprint(),
          count(all, PriceDifference.Kind.ADDED),
          count(all, PriceDifference.Kind.CHANGED),
          count(all, PriceDifference.Kind.CLOSED),
          planned.plan().unchanged(),
          all.stream().limit(MOST).map(PriceDifference::toString).toList(),
          planned.plan().findings().stream()
              .sorted((one, other) -> one.severity().compareTo(other.severity()))
              .limit(MOST)
              .map(FindingView::of)
              .toList());
    }

    private static int count(List<PriceDifference> all, PriceDifference.Kind kind) {
      return (int) all.stream().filter(each -> each.kind() == kind).count();
    }
  }

  record FindingView(
      String id, String severity, String code, String subject, String expected, String found) {
    static FindingView of(ImportFinding finding) {
      return new FindingView(
          finding.id(),
          finding.severity().name().toLowerCase(Locale.ROOT),
          finding.code(),
          finding.subject(),
          finding.expectation(),
          finding.found());
    }
  }
}
