package io.billingsdk.server.costs;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.costs.PriceRow;
import io.billingsdk.server.costs.Catalogues.ListedCatalogue;
import io.billingsdk.server.costs.PriceViews.CatalogueView;
import io.billingsdk.server.costs.PriceViews.PlanView;
import io.billingsdk.server.costs.PriceViews.PriceView;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The price list of providers, its versions, and imports. */
final class PriceRoutes {
  private static final String PRICES = Route.BASE + "/prices";
  private static final String CATALOGUES = PRICES + "/catalogues";
  private static final String LIST = "prices";
  private static final int NAME_CHARS = 256;
  private static final int VERSION_CHARS = 16;
  private static final int FINDING_CHARS = 1_000;
  private static final int MOST_ACCEPTED = 1_000;
  static final int REASON_CHARS = 256;

  private final Catalogues catalogues;

  PriceRoutes(Catalogues catalogues) {
    this.catalogues = catalogues;
  }

  List<Route> routes() {
    return List.of(
        Route.read(PRICES, this::list).query("catalogue", "provider", "model").paged(),
        Route.read(CATALOGUES, this::versions).paged(),
        change(PRICES + "/plan", this::plan),
        change(PRICES + "/import", this::approve));
  }

  private static Route change(String path, Route.Handler handler) {
    return Route.write("POST", path, handler).needing(RequiredScope.CATALOG);
  }

  /** By the place in the version, which never changes. */
  private ApiResponse list(Request request) {
    @Nullable String version = request.parameter("catalogue").orElse(null);
    if (version != null && !version.matches("[0-9a-f]{16}")) {
      throw Request.invalid("catalogue", VERSION_CHARS + " hexadecimal digits");
    }
    Optional<String> provider = name(request, "provider");
    Optional<String> model = name(request, "model");
    int skipped = request.numberCursor(LIST).orElse(0L).intValue();
    int limit = request.limit();
    List<PriceRow> rows =
        prices(request).catalogue(version).rows().stream()
            .filter(row -> provider.map(row.key().provider()::equalsIgnoreCase).orElse(true))
            .filter(row -> model.map(row.key().model()::equalsIgnoreCase).orElse(true))
            .skip(skipped)
            .limit(limit + 1L)
            .toList();
    String next = Integer.toString(skipped + limit);
    return ApiResponse.ok(Page.of(rows, limit, PriceView::of, row -> Cursor.of(LIST, next)));
  }

  /** A name in the query; empty when it is not given. */
  static Optional<String> name(Request request, String parameter) {
    return name(request, parameter, NAME_CHARS);
  }

  static Optional<String> name(Request request, String parameter, int chars) {
    Optional<String> name = request.parameter(parameter);
    if (name.isPresent() && (name.get().isBlank() || name.get().length() > chars)) {
      throw Request.invalid(parameter, "a text of 1 to " + chars + " characters");
    }
    return name;
  }

  private ApiResponse versions(Request request) {
    @Nullable Long below = request.numberCursor(CATALOGUES).orElse(null);
    int limit = request.limit();
    List<ListedCatalogue> found = prices(request).list(below, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            CatalogueView::of,
            each -> Cursor.of(CATALOGUES, Long.toString(each.number()))));
  }

  private ApiResponse plan(Request request) {
    JsonBody body = request.body();
    String file = file(request, body);
    body.end();
    return ApiResponse.ok(PlanView.of(prices(request).plan(file)));
  }

  private ApiResponse approve(Request request) {
    JsonBody body = request.body();
    String file = file(request, body);
    String fingerprint = body.text("fingerprint", VERSION_CHARS);
    List<String> accepted = body.texts("accept", MOST_ACCEPTED, FINDING_CHARS);
    String reason = body.text("reason", REASON_CHARS);
    body.end();
    return ApiResponse.ok(
        PlanView.of(prices(request).approve(file, fingerprint, accepted, reason)));
  }

  private static String file(Request request, JsonBody body) {
    JsonNode file = body.has("file") ? request.tree().path("file") : null;
    if (file == null || !(file.isObject() || file.isArray())) {
      throw body.wrong("file", "a prices file as JSON, or the list of providers of genai-prices");
    }
    return file.toString();
  }

  private Prices prices(Request request) {
    return new Prices(request.database(), catalogues, request.actor());
  }
}
