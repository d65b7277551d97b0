package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.catalog.PlanFile.PlanDiff.PlanDifference;
import io.billingsdk.server.catalog.PlanImport.ImportedItem;
import io.billingsdk.server.catalog.PlanRows.ListedPlan;
import io.billingsdk.server.catalog.PlanRows.PublishedPlan;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Meters and plans as the API shows them. */
final class CatalogViews {
  private CatalogViews() {}

  record PlanView(String plan, @Nullable Integer version, boolean draft) {
    static PlanView of(ListedPlan plan) {
      return new PlanView(plan.plan(), plan.version(), plan.hasDraft());
    }
  }

  record DraftView(String plan, String digest, JsonNode content) {
    static DraftView of(PlanDocument draft) {
      return new DraftView(draft.plan(), draft.digest(), CatalogJson.withTexts(draft.copy()));
    }
  }

  record VersionView(
      String plan,
      int version,
      String name,
      String currency,
      Instant validFrom,
      Instant publishedAt,
      String publishedBy,
      String digest,
      JsonNode content) {
    static VersionView of(PublishedPlan published) {
      PlanVersion version = published.version();
      return new VersionView(
          version.plan(),
          version.version(),
          version.name(),
          version.currency(),
          version.validFrom(),
          published.publishedAt(),
          published.publishedBy(),
          version.digest(),
          CatalogJson.withTexts(published.document().copy()));
    }
  }

  record DiffView(List<PlanDifference> changes) {}

  record ImportView(boolean dryRun, List<ImportItemView> items) {}

  record ImportItemView(
      String kind,
      String id,
      String outcome,
      @Nullable Integer version,
      List<PlanDifference> changes) {
    static ImportItemView of(ImportedItem item) {
      return new ImportItemView(
          item.kind(),
          item.id(),
          item.outcome().name().toLowerCase(Locale.ROOT),
          item.version(),
          item.diff().changes());
    }
  }
}
