package io.billingsdk.server.providers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.providers.PageRows.StoredPage;
import io.billingsdk.server.providers.ProviderViews.MethodView;
import io.billingsdk.server.providers.ProviderViews.PageView;
import io.billingsdk.server.providers.ProviderViews.ProviderView;
import java.util.List;

/** Payment methods of customers, and the pages on which they give one. */
final class MethodRoutes {
  private static final String PROVIDERS = Route.BASE + "/payment-providers";
  private static final String OF_CUSTOMER = Route.BASE + "/customers/{customerId}";
  private static final String METHODS = OF_CUSTOMER + "/payment-methods";
  private static final String PAGES = OF_CUSTOMER + "/payment-pages";
  private static final String LIST = "payment-methods";

  private final ProviderParts parts;

  MethodRoutes(ProviderParts parts) {
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        Route.read(PROVIDERS, this::providers),
        Route.read(METHODS, this::methods).paged().forCustomers(),
        Route.write("POST", METHODS, this::save).needing(RequiredScope.FINANCE),
        Route.write("DELETE", METHODS + "/{methodId}", this::remove).needing(RequiredScope.FINANCE),
        Route.write("POST", PAGES, this::open).needing(RequiredScope.FINANCE),
        Route.read(PAGES + "/{pageId}", this::page).forCustomers());
  }

  private ApiResponse providers(Request request) {
    List<ProviderView> all = parts.providers().names().stream().map(ProviderView::of).toList();
    return ApiResponse.ok(new ProvidersView(all));
  }

  /** All of them. */
  record ProvidersView(List<ProviderView> items) {}

  private ApiResponse methods(Request request) {
    String customer = ProviderFields.path(request, "customerId");
    long after = request.numberCursor(LIST).orElse(0L);
    int limit = request.limit();
    List<SavedMethod> found = parts.methods(request.database()).of(customer, after, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found, limit, MethodView::of, each -> Cursor.of(LIST, Long.toString(each.position()))));
  }

  /** By a token, which only the sandbox has: others give theirs to this server by a webhook. */
  private ApiResponse save(Request request) {
    String customer = ProviderFields.path(request, "customerId");
    JsonBody body = request.body();
    ProviderName name = ProviderFields.provider(body);
    String token = body.text("token", ProviderFields.TOKEN_CHARS);
    body.end();
    if (name != ProviderName.SANDBOX) {
      throw RequestRefusedException.invalid(
          "provider", "sandbox; customers give methods of others on a page of the provider");
    }
    PaymentProvider sandbox = parts.providers().require("provider", name);
    if (!SandboxProvider.isToken(token)) {
      throw RequestRefusedException.invalid("token", SandboxProvider.TOKENS_SHOWN);
    }
    Actor actor = request.actor();
    Database here = request.database();
    SavedMethod saved =
        here.inTransaction(
            handle ->
                parts
                    .methods(here)
                    .save(handle, customer, name, sandbox.describe(customer, token), actor));
    return ApiResponse.created(
        Route.BASE + "/customers/" + customer + "/payment-methods", MethodView.of(saved));
  }

  private ApiResponse remove(Request request) {
    String customer = ProviderFields.path(request, "customerId");
    String id = ProviderFields.path(request, "methodId");
    Actor actor = request.actor();
    Database here = request.database();
    SavedMethod removed =
        here.inTransaction(handle -> parts.methods(here).remove(handle, customer, id, actor));
    return ApiResponse.ok(MethodView.of(removed));
  }

  private ApiResponse open(Request request) {
    String customer = ProviderFields.path(request, "customerId");
    JsonBody body = request.body();
    ProviderName name = ProviderFields.provider(body);
    body.end();
    Actor actor = request.actor();
    Database here = request.database();
    StoredPage page =
        here.inTransaction(handle -> parts.pages(here).prepare(handle, customer, name, actor));
    String currency = new Customers(here, actor).require(customer).currency();
    request.afterCommit(() -> parts.after(() -> parts.pages().open(page, currency)));
    return ApiResponse.created(
        Route.BASE + "/customers/" + customer + "/payment-pages/" + page.id(), PageView.of(page));
  }

  private ApiResponse page(Request request) {
    String customer = ProviderFields.path(request, "customerId");
    String id = ProviderFields.path(request, "pageId");
    StoredPage page = parts.pages(request.database()).require(id);
    if (!page.customer().equals(customer)) {
      throw RequestRefusedException.notFound("pageId", "there is no page " + id);
    }
    return ApiResponse.ok(PageView.of(page));
  }
}
