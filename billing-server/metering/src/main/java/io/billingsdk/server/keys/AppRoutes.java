package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.keys.Apps.App;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Apps. */
final class AppRoutes {
  private static final String APPS = Route.BASE + "/apps";
  private static final String APP = APPS + "/{appId}";
  private static final String LIST = "apps";

  private AppRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(APPS, AppRoutes::list).paged(),
        Route.write("POST", APPS, AppRoutes::create),
        Route.read(APP, AppRoutes::get).forApps(),
        Route.write("PATCH", APP, AppRoutes::rename));
  }

  private record AppView(String appId, String name, Instant createdAt) {
    static AppView of(App app) {
      return new AppView(app.appId(), app.name(), app.created());
    }
  }

  private static ApiResponse list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<App> found = new Apps(request.database(), request.actor()).after(after, limit + 1);
    return ApiResponse.ok(Page.of(found, limit, AppView::of, app -> Cursor.of(LIST, app.appId())));
  }

  private static ApiResponse create(Request request) {
    JsonBody body = request.body();
    String appId = body.text("appId", Bounds.NAME_CHARS);
    String name = body.optionalText("name", Bounds.NAME_CHARS).orElse(appId);
    body.end();
    App made = new Apps(request.database(), request.actor()).create(appId, name);
    return ApiResponse.created(at(appId), AppView.of(made));
  }

  private static ApiResponse get(Request request) {
    String appId = request.path("appId");
    return new Apps(request.database(), request.actor())
        .one(appId)
        .map(app -> ApiResponse.ok(AppView.of(app)))
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("appId", "there is no app " + appId)));
  }

  private static ApiResponse rename(Request request) {
    JsonBody body = request.body();
    String name = body.text("name", Bounds.NAME_CHARS);
    body.end();
    Apps apps = new Apps(request.database(), request.actor());
    return ApiResponse.ok(AppView.of(apps.rename(request.path("appId"), name)));
  }

  private static String at(String appId) {
    return APPS + "/" + URLEncoder.encode(appId, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
