package io.billingsdk.server.margin;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.margin.UnitCosts.UnitCost;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Costs may be sent, so this is no route to read; it stores nothing. */
final class MarginRoutes {
  private static final int ID_CHARS = 64;
  private static final int NAME_CHARS = 128;
  private static final int AMOUNT_CHARS = 40;
  private static final int MOST_COSTS = 2_000;

  private final CostSource.Factory known;

  MarginRoutes(CostSource.Factory known) {
    this.known = known;
  }

  List<Route> routes() {
    return List.of(
        Route.write("POST", Route.BASE + "/margin", this::margin).needing(RequiredScope.FINANCE));
  }

  private ApiResponse margin(Request request) {
    JsonBody body = request.body();
    YearMonth month = body.month("month");
    @Nullable String customer = body.optionalText("customerId", ID_CHARS).orElse(null);
    boolean ofTestClocks = body.flag("testClocks");
    CostSource costs = body.has("costs") ? list(request, body) : known.in(request.database());
    body.end();
    MarginReport report = new Margins(request.database()).of(month, costs, customer, ofTestClocks);
    // It reads the invoices of all customers: who asked for it is written down.
    request
        .database()
        .useTransaction(
            handle ->
                AuditLog.write(
                    handle,
                    request.actor(),
                    "margin.reckon",
                    customer == null ? "customers" : customer,
                    null,
                    Map.of("month", month.toString())));
    return ApiResponse.ok(report);
  }

  private static CostSource list(Request request, JsonBody body) {
    String currency = currency(body);
    List<UnitCost> list = new ArrayList<>();
    for (JsonBody each : body.objects("costs", MOST_COSTS)) {
      String module = each.text("module", NAME_CHARS);
      @Nullable String model = each.optionalText("model", NAME_CHARS).orElse(null);
      list.add(new UnitCost(module, model, perUnit(each)));
      each.end();
    }
    return new UnitCosts(request.database(), list, currency);
  }

  private static String currency(JsonBody body) {
    String currency = body.text("currency", 3);
    try {
      return Money.zero(currency).currency();
    } catch (RatingInputException refused) {
      throw body.wrong("currency", refused.expectation());
    }
  }

  private static BigDecimal perUnit(JsonBody cost) {
    String text = cost.text("perUnit", AMOUNT_CHARS);
    if (!text.matches("[0-9]{1,18}([.][0-9]{1,18})?")) {
      throw cost.wrong("perUnit", "a text of plain decimals from 0, as 0.000003");
    }
    return new BigDecimal(text);
  }
}
