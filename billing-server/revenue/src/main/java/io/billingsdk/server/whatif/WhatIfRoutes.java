package io.billingsdk.server.whatif;

import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another price list over real usage. It is sent, so this is no route to read; it stores nothing.
 */
final class WhatIfRoutes {
  private static final int ID_CHARS = 64;
  private static final int MONTHS = 12;

  private WhatIfRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.write("POST", Route.BASE + "/what-if", WhatIfRoutes::price)
            .needing(RequiredScope.FINANCE));
  }

  private static ApiResponse price(Request request) {
    JsonBody body = request.body();
    if (!body.has("file")) {
      throw body.wrong("file", "a plan file as JSON");
    }
    @Nullable String customer = body.optionalText("customerId", ID_CHARS).orElse(null);
    int months = body.whole("months", 1, WhatIf.MOST_MONTHS).map(Math::toIntExact).orElse(MONTHS);
    body.end();
    PlanFile file = PlanFile.of(request.tree().path("file"));
    var priced = new WhatIf(request.database()).price(file, months, customer);
    // It reads the usage of all customers: who asked for it is written down.
    request
        .database()
        .useTransaction(
            handle ->
                AuditLog.write(
                    handle,
                    request.actor(),
                    "whatif.price",
                    customer == null ? "customers" : customer,
                    null,
                    Map.of("months", months)));
    return ApiResponse.ok(priced);
  }
}
