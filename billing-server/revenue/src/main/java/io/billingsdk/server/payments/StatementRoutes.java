package io.billingsdk.server.payments;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.payments.BankStatement.StatementFormat;
import io.billingsdk.server.payments.PaymentViews.BankAccountView;
import io.billingsdk.server.payments.PaymentViews.BankLineView;
import io.billingsdk.server.payments.PaymentViews.ImportView;
import io.billingsdk.server.payments.StatementRows.BankAccount;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accounts at banks and their statements. */
final class StatementRoutes {
  private static final String ACCOUNTS = Route.BASE + "/bank-accounts";
  private static final String STATEMENTS = Route.BASE + "/bank-statements";
  private static final String LINES = Route.BASE + "/bank-lines";
  private static final String LINE = LINES + "/{lineId}";
  private static final String LIST = "bank-lines";
  private static final String ACCOUNT_LIST = "bank-accounts";
  private static final Set<String> STATES = Set.of("waiting", "matched", "unmatched", "ignored");

  private StatementRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(ACCOUNTS, StatementRoutes::accounts).paged(),
        change(ACCOUNTS, StatementRoutes::addAccount),
        change(STATEMENTS, StatementRoutes::take),
        Route.read(LINES, StatementRoutes::lines).query("state").paged(),
        change(LINE + "/assignment", StatementRoutes::assign),
        change(LINE + "/ignore", StatementRoutes::ignore));
  }

  private static Route change(String path, Route.Handler handler) {
    return Route.write("POST", path, handler).needing(RequiredScope.FINANCE);
  }

  private static ApiResponse accounts(Request request) {
    String after = request.cursor(ACCOUNT_LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<BankAccount> found = statements(request).accounts(after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, BankAccountView::of, each -> Cursor.of(ACCOUNT_LIST, each.iban())));
  }

  private static ApiResponse addAccount(Request request) {
    JsonBody body = request.body();
    String iban = body.text("iban", PaymentFields.ID_CHARS);
    String seller = body.text("sellerId", PaymentFields.ID_CHARS);
    String currency = body.text("currency", PaymentFields.CODE_CHARS);
    body.end();
    BankAccount made = statements(request).addAccount(iban, seller, currency);
    return ApiResponse.created(ACCOUNTS, BankAccountView.of(made));
  }

  private static ApiResponse take(Request request) {
    JsonBody body = request.body();
    String iban = body.text("iban", PaymentFields.ID_CHARS);
    StatementFormat format = StatementFormat.of(body.text("format", PaymentFields.CODE_CHARS));
    String content = body.text("content", PaymentFields.CONTENT_CHARS);
    body.end();
    return ApiResponse.ok(ImportView.of(statements(request).importFile(iban, format, content)));
  }

  private static ApiResponse lines(Request request) {
    @Nullable String state = request.parameter("state").orElse(null);
    if (state != null && !STATES.contains(state)) {
      throw Request.invalid("state", "waiting, matched, unmatched or ignored");
    }
    long after = request.numberCursor(LIST).orElse(0L);
    int limit = request.limit();
    List<BankLine> found = statements(request).lines(state, after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, BankLineView::of, each -> Cursor.of(LIST, Long.toString(each.id()))));
  }

  private static ApiResponse assign(Request request) {
    JsonBody body = request.body();
    String customer = body.text("customerId", PaymentFields.ID_CHARS);
    List<String> numbers =
        body.texts("numbers", PaymentFields.MOST_NUMBERS, PaymentFields.NUMBER_CHARS);
    body.end();
    BankLine line = statements(request).assign(line(request), customer, numbers);
    return ApiResponse.ok(BankLineView.of(line));
  }

  private static ApiResponse ignore(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", PaymentFields.REASON_CHARS);
    body.end();
    return ApiResponse.ok(BankLineView.of(statements(request).ignore(line(request), reason)));
  }

  private static long line(Request request) {
    return request.number("lineId", "the id of a line of a statement");
  }

  private static Statements statements(Request request) {
    return new Statements(request.database(), request.actor());
  }
}
