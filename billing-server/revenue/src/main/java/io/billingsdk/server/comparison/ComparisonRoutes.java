package io.billingsdk.server.comparison;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.comparison.Comparison.Scope;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The invoices of another system are sent, so this is no route to read; it stores nothing. */
final class ComparisonRoutes {
  private static final int ID_CHARS = 64;
  private static final int MOST_ROWS = 2_000;
  private static final int MOST_MONTHS = 60;
  private static final int AMOUNT_CHARS = 41;

  private ComparisonRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.write("POST", Route.BASE + "/invoices/comparison", ComparisonRoutes::compare)
            .needing(RequiredScope.FINANCE));
  }

  private static ApiResponse compare(Request request) {
    JsonBody body = request.body();
    Scope scope = scope(body);
    List<TheirRow> rows = new ArrayList<>();
    for (JsonBody each : body.objects("rows", MOST_ROWS)) {
      TheirRow row = row(each);
      if (!scope.holds(row)) {
        throw each.wrong("month", "in the months, and the customer in the range, of the request");
      }
      rows.add(row);
    }
    body.end();
    ComparisonReport report = new Comparison(request.database()).compare(scope, rows);
    // It reads the invoices of all customers: who asked for it is written down.
    request
        .database()
        .useTransaction(
            handle ->
                AuditLog.write(
                    handle,
                    request.actor(),
                    "invoices.compare",
                    "invoices",
                    null,
                    Map.of("from", report.from(), "to", report.to(), "rows", rows.size())));
    return ApiResponse.ok(report);
  }

  private static Scope scope(JsonBody body) {
    YearMonth first = body.month("from");
    YearMonth last = body.month("to");
    if (first.isAfter(last) || !first.plusMonths(MOST_MONTHS).isAfter(last)) {
      throw body.wrong("to", "a month from 'from' on, at most " + MOST_MONTHS + " months of it");
    }
    return new Scope(
        first,
        last,
        body.optionalText("afterCustomerId", ID_CHARS).orElse(""),
        body.optionalText("upToCustomerId", ID_CHARS).orElse(null),
        body.flag("testClocks"));
  }

  private static TheirRow row(JsonBody row) {
    String customer = row.text("customerId", ID_CHARS);
    YearMonth month = row.month("month");
    String currency = row.text("currency", 3);
    Money net =
        amount(row, "net", currency)
            .orElseThrow(() -> row.wrong("net", "a text of plain decimals, as 29.00 or -5.00"));
    Optional<Money> tax = amount(row, "tax", currency);
    row.end();
    return new TheirRow(customer, month, net, tax.orElse(null));
  }

  private static Optional<Money> amount(JsonBody row, String field, String currency) {
    return row.optionalText(field, AMOUNT_CHARS)
        .map(
            text -> {
              if (!text.matches("-?[0-9]{1,20}([.][0-9]{1,18})?")) {
                throw row.wrong(field, "a text of plain decimals, as 29.00 or -5.00");
              }
              try {
                return Money.of(currency, text);
              } catch (RatingInputException refused) {
                throw row.wrong(
                    refused.field().equals("currency") ? "currency" : field, refused.expectation());
              }
            });
  }
}
