package io.billingsdk.server.catalog;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;

/** Meters. */
final class MeterRoutes {
  private static final String METERS = Route.BASE + "/meters";
  private static final String METER = METERS + "/{slug}";
  private static final String LIST = "meters";

  private MeterRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(METERS, MeterRoutes::list).paged(),
        Route.write("POST", METERS, MeterRoutes::create).needing(RequiredScope.CATALOG),
        Route.read(METER, MeterRoutes::get),
        Route.write("PUT", METER, MeterRoutes::change).needing(RequiredScope.CATALOG));
  }

  private static ApiResponse list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<MeterDocument> found = meters(request).after(after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, MeterDocument::copy, each -> Cursor.of(LIST, each.slug())));
  }

  private static ApiResponse create(Request request) {
    Meter made = meters(request).create(request.tree());
    return ApiResponse.created(METERS + "/" + made.slug(), shown(request, made.slug()));
  }

  private static ApiResponse get(Request request) {
    return ApiResponse.ok(shown(request, request.path("slug")));
  }

  private static ApiResponse change(Request request) {
    Meter changed = meters(request).change(request.path("slug"), request.tree());
    return ApiResponse.ok(shown(request, changed.slug()));
  }

  private static Object shown(Request request, String slug) {
    return meters(request).document(slug).orElseThrow(() -> Meters.none(slug)).copy();
  }

  private static Meters meters(Request request) {
    return new Meters(request.database(), request.actor());
  }
}
