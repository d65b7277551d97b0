package io.billingsdk.server.web;

import io.billingsdk.server.keys.Apps;
import io.billingsdk.server.keys.Apps.App;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Apps. */
final class AppRoutes {
  private static final String APPS = Route.BASE + "/apps";
  private static final String LIST = "apps";

  private AppRoutes() {}

  static List<Route> routes() {
    return List.of(Route.read(APPS, AppRoutes::list).paged());
  }

  private record View(String appId, String name, Instant createdAt) {
    static View of(App app) {
      return new View(app.appId(), app.name(), app.created());
    }
  }

  private static Answer list(Request request) throws SQLException {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<App> found = apps(request).after(after, limit + 1);
    return Answer.ok(Page.of(found, limit, View::of, app -> Cursor.of(LIST, app.appId())));
  }

  private static Apps apps(Request request) {
    return new Apps(request.database(), request.actor());
  }
}
