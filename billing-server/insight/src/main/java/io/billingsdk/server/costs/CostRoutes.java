package io.billingsdk.server.costs;

import io.billingsdk.costs.FocusContext;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.costs.CostPricer.Priced;
import io.billingsdk.server.costs.CostViews.ChangeView;
import io.billingsdk.server.costs.CostViews.CostView;
import io.billingsdk.server.costs.CostViews.ExplanationView;
import io.billingsdk.server.costs.CostViews.OutcomeView;
import io.billingsdk.server.costs.CostViews.UnknownListView;
import io.billingsdk.server.costs.CostViews.UnknownView;
import io.billingsdk.server.costs.Costs.Filter;
import io.billingsdk.server.costs.Costs.Place;
import io.billingsdk.server.costs.FocusPages.FocusPage;
import io.billingsdk.server.costs.ReRatings.ListedChange;
import io.billingsdk.server.costs.ReRatings.Selection;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import io.billingsdk.server.ledger.StreamIds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Costs of events: lists, explanations, re-ratings. */
final class CostRoutes {
  private static final String COSTS = Route.BASE + "/costs";
  private static final String RERATINGS = COSTS + "/reratings";
  private static final String LIST = "costs";
  private static final int PLACE_PARTS = 3;
  private static final int NAME_CHARS = 200;
  private static final int FINGERPRINT_CHARS = 16;
  private static final int MOST_UNKNOWN = 1_000;
  private static final Set<String> STATES = Set.of("priced", "free", "unknown");
  private static final Instant EVER = Instant.parse("1970-01-02T00:00:00Z");
  private static final Instant NEVER = Instant.parse("9999-12-01T00:00:00Z");

  private final CostStore store;
  private final Catalogues catalogues;

  CostRoutes(CostStore store, Catalogues catalogues) {
    this.store = store;
    this.catalogues = catalogues;
  }

  List<Route> routes() {
    return List.of(
        Route.read(COSTS, CostRoutes::list)
            .query("from", "to", "appId", "service", "model", "state")
            .paged(),
        Route.read(COSTS + "/unknown", CostRoutes::unknown).query("from", "to"),
        Route.read(COSTS + "/focus", this::focus).query("from", "to", "account").paged(),
        Route.read(COSTS + "/events/{stream}/{seq}", this::explain),
        Route.read(RERATINGS, this::changes).paged(),
        change(RERATINGS, this::rerate),
        change(RERATINGS + "/{id}/undo", this::undo));
  }

  private static Route change(String path, Route.Handler handler) {
    return Route.write("POST", path, handler).needing(RequiredScope.FINANCE);
  }

  private static ApiResponse list(Request request) {
    Filter filter =
        new Filter(
            required(request, "from"),
            required(request, "to"),
            app(request),
            PriceRoutes.name(request, "service").orElse(null),
            PriceRoutes.name(request, "model").orElse(null),
            state(request));
    Place after =
        request.cursor(LIST, PLACE_PARTS).map(CostRoutes::place).orElse(Place.before(filter));
    int limit = request.limit();
    List<CostRow> found = new Costs(request.database()).list(filter, after, limit + 1);
    StreamNames names = new StreamNames(request.database());
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            row -> CostView.of(row, names.of(row.id().streamId())),
            CostRoutes::cursor),
        RemovedCosts.header(request, filter.from()));
  }

  private static @Nullable String app(Request request) {
    var unused = PriceRoutes.name(request, "appId");
    return request.app().orElse(null);
  }

  private ApiResponse focus(Request request) {
    String account = PriceRoutes.name(request, "account", NAME_CHARS).orElse("default");
    Filter filter =
        new Filter(required(request, "from"), required(request, "to"), null, null, null, null);
    Place after =
        request.cursor(LIST, PLACE_PARTS).map(CostRoutes::place).orElse(Place.before(filter));
    int limit = request.limit();
    List<CostRow> found = new Costs(request.database()).list(filter, after, limit + 1);
    List<CostRow> rows = found.subList(0, Math.min(limit, found.size()));
    FocusPage page =
        new FocusPages(request.database(), catalogues).of(rows, new FocusContext(account, account));
    Map<String, String> headers = new TreeMap<>(RemovedCosts.header(request, filter.from()));
    headers.put("Billing-Unknown-Costs", Long.toString(page.unknown()));
    if (found.size() > limit) {
      headers.put("Billing-Next", cursor(rows.get(limit - 1)));
    }
    byte[] csv = page.csv().getBytes(StandardCharsets.UTF_8);
    return new ApiResponse.Whole(200, "text/csv; charset=utf-8", csv, headers);
  }

  private static Instant required(Request request, String name) {
    return request
        .time(name)
        .orElseThrow(() -> Request.invalid(name, "a time in UTC, as 2027-01-31T00:00:00Z"));
  }

  private static @Nullable String state(Request request) {
    Optional<String> state = request.parameter("state");
    if (state.isPresent() && !STATES.contains(state.get())) {
      throw Request.invalid("state", "priced, free or unknown");
    }
    return state.orElse(null);
  }

  private static String cursor(CostRow row) {
    return Cursor.of(
        LIST,
        row.at().toString(),
        Integer.toString(row.id().streamId()),
        Long.toString(row.id().seq()));
  }

  private static Place place(List<String> parts) {
    if (!parts.get(1).matches("[0-9]{1,9}") || !Cursor.isNumber(parts.get(2))) {
      throw Request.invalid("cursor", "the next of an earlier answer");
    }
    return new Place(
        Request.time("cursor", parts.get(0)),
        new EventId(Integer.parseInt(parts.get(1)), Long.parseLong(parts.get(2))));
  }

  private static ApiResponse unknown(Request request) {
    Instant from = request.time("from").orElse(EVER);
    Instant to = request.time("to").orElse(NEVER);
    return ApiResponse.ok(
        new UnknownListView(
            new Costs(request.database())
                .unknown(from, to, MOST_UNKNOWN).stream().map(UnknownView::of).toList()),
        RemovedCosts.header(request, from));
  }

  private ApiResponse explain(Request request) {
    UUID stream = Request.uuid("stream", request.path("stream"));
    long seq = request.number("seq", "a whole number from 0 to 999999999999999999");
    Costs costs = new Costs(request.database());
    EventId event =
        request
            .database()
            .read(handle -> StreamIds.id(handle, stream))
            .map(id -> new EventId(id, seq))
            .orElseThrow(() -> none(request, stream, seq));
    CostRow row = costs.find(event).orElseThrow(() -> none(request, stream, seq));
    Priced priced =
        request
            .database()
            .read(
                handle ->
                    EventCosts.priced(
                        row, catalogues.pricer(handle, row.cost().pins().catalogue())));
    return ApiResponse.ok(ExplanationView.of(row, stream, priced, costs.revisions(event)));
  }

  private static RequestRefusedException none(Request request, UUID stream, long seq) {
    String removed =
        request
            .database()
            .read(RemovedCosts::before)
            .map(before -> " Costs before " + before + " are removed; the ledger has the event.")
            .orElse("");
    return RequestRefusedException.notFound(
        "seq",
        "there is no cost of the event "
            + seq
            + " of the stream "
            + stream
            + ". An event has one when it has quantities, or a unit or reported_cost in its"
            + " metadata."
            + removed);
  }

  private ApiResponse changes(Request request) {
    @Nullable Long below = request.numberCursor(RERATINGS).orElse(null);
    int limit = request.limit();
    List<ListedChange> found = ratings(request).list(below, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            ChangeView::of,
            each -> Cursor.of(RERATINGS, Long.toString(each.number()))));
  }

  private ApiResponse rerate(Request request) {
    JsonBody body = request.body();
    boolean isUnknownOnly = body.flag("unknownOnly");
    Selection selection =
        new Selection(
            time(body, "from", isUnknownOnly, EVER),
            time(body, "to", isUnknownOnly, NEVER),
            body.optionalText("service", NAME_CHARS).orElse(null),
            body.optionalText("model", NAME_CHARS).orElse(null),
            isUnknownOnly);
    if (!selection.from().isBefore(selection.to())) {
      throw body.wrong("to", "after from");
    }
    boolean isDryRun = body.flag("dryRun");
    Optional<String> fingerprint = body.optionalText("fingerprint", FINGERPRINT_CHARS);
    Optional<String> reason = body.optionalText("reason", PriceRoutes.REASON_CHARS);
    body.end();
    ReRatings ratings = ratings(request);
    StreamNames names = new StreamNames(request.database());
    if (isDryRun) {
      return ApiResponse.ok(OutcomeView.of(ratings.dryRun(selection), names));
    }
    String expected = "that of a dry run, which a person has read";
    return ApiResponse.ok(
        OutcomeView.of(
            ratings.apply(
                selection,
                fingerprint.orElseThrow(() -> body.wrong("fingerprint", expected)),
                reason.orElseThrow(() -> body.wrong("reason", "a text of 1 to 256 characters"))),
            names));
  }

  /** A range without an end is refused. Unknown costs need none: they have no price at any time. */
  private static Instant time(
      JsonBody body, String name, boolean isUnknownOnly, Instant otherwise) {
    return isUnknownOnly ? body.time(name).orElse(otherwise) : body.requiredTime(name);
  }

  private ApiResponse undo(Request request) {
    long number = request.number("id", "a whole number from 0 to 999999999999999999");
    JsonBody body = request.body();
    String reason = body.text("reason", PriceRoutes.REASON_CHARS);
    body.end();
    return ApiResponse.ok(
        OutcomeView.of(ratings(request).undo(number, reason), new StreamNames(request.database())));
  }

  private ReRatings ratings(Request request) {
    return new ReRatings(request.database(), store, catalogues, request.actor());
  }
}
