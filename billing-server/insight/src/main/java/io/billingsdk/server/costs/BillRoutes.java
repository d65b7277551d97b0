package io.billingsdk.server.costs;

import io.billingsdk.costs.BillComparison.Row;
import io.billingsdk.server.costs.Bills.BillQuestion;
import io.billingsdk.server.costs.Bills.Reconciled;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reconciles costs with the bill of a provider. */
final class BillRoutes {
  private static final int BILL_CHARS = 200_000;
  private static final int NAME_CHARS = 200;
  private static final int ZONE_CHARS = 64;
  private static final Set<String> ZONES = new TreeSet<>(ZoneId.getAvailableZoneIds());
  private static final BigDecimal CENT = new BigDecimal("0.01");

  private final Catalogues catalogues;

  BillRoutes(Catalogues catalogues) {
    this.catalogues = catalogues;
  }

  List<Route> routes() {
    return List.of(
        Route.write("POST", Route.BASE + "/costs/reconciliations", this::reconcile)
            .needing(RequiredScope.FINANCE));
  }

  /** A day of a model. */
  record RowView(
      String day,
      String model,
      String currency,
      @Nullable BigDecimal ours,
      @Nullable BigDecimal theirs,
      @Nullable BigDecimal difference,
      boolean reconciled) {
    static RowView of(Row row) {
      return new RowView(
          row.day().toString(),
          row.model(),
          row.currency(),
          CostViews.plain(row.ours()),
          CostViews.plain(row.theirs()),
          CostViews.plain(row.difference()),
          row.reconciled());
    }
  }

  record ReconciledView(
      String firstDay, String lastDay, boolean reconciled, long unknownCosts, List<RowView> rows) {
    static ReconciledView of(Reconciled found) {
      return new ReconciledView(
          found.firstDay().toString(),
          found.lastDay().toString(),
          found.comparison().isReconciled() && found.unknown() == 0,
          found.unknown(),
          found.comparison().rows().stream().map(RowView::of).toList());
    }
  }

  private ApiResponse reconcile(Request request) {
    JsonBody body = request.body();
    BillQuestion question =
        new BillQuestion(
            body.text("bill", BILL_CHARS),
            body.optionalText("provider", NAME_CHARS).orElse(null),
            zone(body),
            tolerance(body));
    body.end();
    Reconciled found =
        new Bills(request.database(), catalogues, request.actor()).reconcile(question);
    return ApiResponse.ok(
        ReconciledView.of(found),
        RemovedCosts.header(request, found.firstDay().atStartOfDay(question.zone()).toInstant()));
  }

  private static ZoneId zone(JsonBody body) {
    String zone = body.optionalText("zone", ZONE_CHARS).orElse("UTC");
    if (!ZONES.contains(zone)) {
      throw body.wrong("zone", "a time zone, as America/Los_Angeles");
    }
    return ZoneId.of(zone);
  }

  private static BigDecimal tolerance(JsonBody body) {
    if (!body.has("tolerance")) {
      return CENT;
    }
    BigDecimal tolerance = body.amount("tolerance");
    if (tolerance.signum() < 0 || tolerance.compareTo(BigDecimal.valueOf(1_000_000)) > 0) {
      throw body.wrong("tolerance", "from 0 to 1000000");
    }
    return tolerance;
  }
}
