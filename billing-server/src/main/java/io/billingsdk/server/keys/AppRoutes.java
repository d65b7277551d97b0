package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.Answer;
import io.billingsdk.server.http.Cursor;
import io.billingsdk.server.http.Fields;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.ProblemException;
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

  private record View(String appId, String name, Instant createdAt) {
    static View of(App app) {
      return new View(app.appId(), app.name(), app.created());
    }
  }

  private static Answer list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<App> found = new Apps(request.database(), request.actor()).after(after, limit + 1);
    return Answer.ok(Page.of(found, limit, View::of, app -> Cursor.of(LIST, app.appId())));
  }

  private static Answer create(Request request) {
    Fields body = request.body();
    String appId = body.text("appId", Bounds.NAME_CHARS);
    String name = body.optionalText("name", Bounds.NAME_CHARS).orElse(appId);
    body.end();
    App made = new Apps(request.database(), request.actor()).create(appId, name);
    return Answer.created(at(appId), View.of(made));
  }

  private static Answer get(Request request) {
    String appId = request.path("appId");
    return new Apps(request.database(), request.actor())
        .one(appId)
        .map(app -> Answer.ok(View.of(app)))
        .orElseThrow(
            () -> new ProblemException(Problem.notFound("appId", "there is no app " + appId)));
  }

  private static Answer rename(Request request) {
    Fields body = request.body();
    String name = body.text("name", Bounds.NAME_CHARS);
    body.end();
    Apps apps = new Apps(request.database(), request.actor());
    return Answer.ok(View.of(apps.rename(request.path("appId"), name)));
  }

  private static String at(String appId) {
    return APPS + "/" + URLEncoder.encode(appId, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
