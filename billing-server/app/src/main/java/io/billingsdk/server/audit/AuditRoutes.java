package io.billingsdk.server.audit;

import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.access.AuditLog.AuditFilter;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import java.util.List;

/** Who changed what. */
final class AuditRoutes {
  private AuditRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/audit", AuditRoutes::audit)
            .paged()
            .query("actor", "action", "subject", "from", "to"));
  }

  private static ApiResponse audit(Request request) {
    long before = request.numberCursor("audit").orElse(Long.MAX_VALUE);
    int limit = request.limit();
    AuditFilter filter =
        new AuditFilter(
            request.parameter("actor").orElse(null),
            request.parameter("action").orElse(null),
            request.parameter("subject").orElse(null),
            request.time("from").orElse(null),
            request.time("to").orElse(null));
    List<AuditLog.AuditEntry> found =
        new AuditLog(request.database()).before(before, filter, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, each -> each, each -> Cursor.of("audit", Long.toString(each.id()))));
  }
}
