package io.billingsdk.server.reconcile;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Comparisons of what was reported with what is invoiced. */
final class ReconcileRoutes {
  private static final String RECONCILIATION = Route.BASE + "/reconciliation";

  private static final String EXPLANATION = Route.BASE + "/events/{stream}/{seq}/explanation";

  private ReconcileRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(RECONCILIATION, ReconcileRoutes::reconcile).query("month", "appId"),
        Route.read(EXPLANATION, ReconcileRoutes::explain).query("occurredAt").forCustomers());
  }

  private static ApiResponse reconcile(Request request) {
    return ApiResponse.ok(
        new Reconciler(request.database())
            .reconcile(
                request.parameter("month").orElse(null), request.parameter("appId").orElse(null)));
  }

  private static ApiResponse explain(Request request) {
    UUID stream = Request.uuid("stream", request.path("stream"));
    String seq = request.path("seq");
    if (!seq.matches("[0-9]{1,18}")) {
      throw Request.invalid("seq", "the number of an event, 0 to 999999999999999999");
    }
    EventExplanation found =
        new EventExplainer(request.database())
            .explain(stream, Long.parseLong(seq), request.time("occurredAt").orElse(null));
    @Nullable String own = request.caller().customerId();
    // As if one of another customer were not there.
    if (own != null && !own.equals(found.customerId())) {
      throw RequestRefusedException.notFound(
          "seq", "there is no event " + stream + "/" + seq + " of the customer");
    }
    return ApiResponse.ok(found);
  }
}
