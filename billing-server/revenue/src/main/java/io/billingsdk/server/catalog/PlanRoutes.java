package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.catalog.CatalogViews.DiffView;
import io.billingsdk.server.catalog.CatalogViews.DraftView;
import io.billingsdk.server.catalog.CatalogViews.ImportItemView;
import io.billingsdk.server.catalog.CatalogViews.ImportView;
import io.billingsdk.server.catalog.CatalogViews.PlanView;
import io.billingsdk.server.catalog.CatalogViews.VersionView;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.catalog.PlanRows.ListedPlan;
import io.billingsdk.server.catalog.PlanRows.PublishedPlan;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans, their drafts and their versions. */
final class PlanRoutes {
  private static final String PLANS = Route.BASE + "/plans";
  private static final String DRAFT = PLANS + "/{plan}/draft";
  private static final String VERSIONS = PLANS + "/{plan}/versions";
  private static final String VERSION = VERSIONS + "/{version}";
  private static final String LIST = "plans";

  private PlanRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(PLANS, PlanRoutes::list).paged(),
        change("POST", PLANS + "/import", PlanRoutes::importFile),
        Route.read(DRAFT, PlanRoutes::draft),
        change("PUT", DRAFT, PlanRoutes::saveDraft),
        change("DELETE", DRAFT, PlanRoutes::removeDraft),
        Route.read(VERSIONS, PlanRoutes::versions).paged(),
        change("POST", VERSIONS, PlanRoutes::publish),
        Route.read(VERSION, PlanRoutes::version),
        Route.read(PLANS + "/{plan}/diff", PlanRoutes::diff).query("from", "to"));
  }

  private static Route change(String method, String path, Route.Handler handler) {
    return Route.write(method, path, handler).needing(RequiredScope.CATALOG);
  }

  private static ApiResponse list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<ListedPlan> found = plans(request).after(after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, PlanView::of, each -> Cursor.of(LIST, each.plan())));
  }

  private static ApiResponse importFile(Request request) {
    JsonBody body = request.body();
    if (!body.has("file")) {
      throw body.wrong("file", "a plan file as JSON");
    }
    ImportOptions options =
        new ImportOptions(
            body.flag("publish"), body.time("validFrom").orElse(null), body.flag("dryRun"));
    body.end();
    PlanFile file = PlanFile.of(Fields.of(request.tree().path("file"), "file."));
    List<ImportItemView> items =
        new PlanImport(request.database(), request.actor())
            .run(file, options).stream().map(ImportItemView::of).toList();
    return ApiResponse.ok(new ImportView(options.dryRun(), items));
  }

  private static ApiResponse draft(Request request) {
    return ApiResponse.ok(DraftView.of(plans(request).requireDraft(plan(request))));
  }

  private static ApiResponse saveDraft(Request request) {
    String plan = plan(request);
    JsonNode content = request.tree();
    if (content instanceof ObjectNode object && !object.has("plan")) {
      object.put("plan", plan);
    }
    if (!content.path("plan").asText().equals(plan)) {
      throw Request.invalid("plan", "that of the path, or left out");
    }
    return ApiResponse.ok(DraftView.of(plans(request).saveDraft(content)));
  }

  private static ApiResponse removeDraft(Request request) {
    String plan = plan(request);
    PlanDocument draft = plans(request).requireDraft(plan);
    plans(request).removeDraft(plan);
    return ApiResponse.ok(DraftView.of(draft));
  }

  private static ApiResponse versions(Request request) {
    long after = request.numberCursor(VERSIONS).orElse(0L);
    int limit = request.limit();
    List<PublishedPlan> found = plans(request).versions(plan(request), after, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            VersionView::of,
            each -> Cursor.of(VERSIONS, Integer.toString(each.version().version()))));
  }

  private static ApiResponse publish(Request request) {
    JsonBody body = request.body();
    @Nullable Instant from = body.time("validFrom").orElse(null);
    body.end();
    PlanVersion made = plans(request).publish(plan(request), from);
    return ApiResponse.created(
        PLANS + "/" + made.plan() + "/versions/" + made.version(),
        VersionView.of(plans(request).requirePublished(made.plan(), made.version())));
  }

  private static ApiResponse version(Request request) {
    int version = number("version", request.path("version"));
    return ApiResponse.ok(VersionView.of(plans(request).requirePublished(plan(request), version)));
  }

  /** The difference between two versions, or between one and the draft. */
  private static ApiResponse diff(Request request) {
    String plan = plan(request);
    int from =
        request
            .parameter("from")
            .map(text -> number("from", text))
            .orElseThrow(() -> Request.invalid("from", "a whole number from 1 to 2147483647"));
    Optional<Integer> to = request.parameter("to").map(text -> number("to", text));
    Plans plans = plans(request);
    PlanDocument before = plans.requirePublished(plan, from).document();
    PlanDocument after =
        to.map(version -> plans.requirePublished(plan, version).document())
            .orElseGet(() -> plans.requireDraft(plan));
    return ApiResponse.ok(new DiffView(PlanComparison.of(before.copy(), after.copy()).changes()));
  }

  private static String plan(Request request) {
    String plan = request.path("plan");
    if (!Fields.isSlug(plan)) {
      throw Request.invalid("plan", Fields.SLUG_EXPECTED);
    }
    return plan;
  }

  private static int number(String field, String text) {
    long number = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : 0;
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw Request.invalid(field, "a whole number from 1 to 2147483647");
    }
    return (int) number;
  }

  private static Plans plans(Request request) {
    return new Plans(request.database(), request.actor());
  }
}
