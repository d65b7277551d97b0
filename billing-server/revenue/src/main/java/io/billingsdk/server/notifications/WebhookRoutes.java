package io.billingsdk.server.notifications;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.notifications.WebhookEndpoints.NewSecret;
import io.billingsdk.server.notifications.WebhookLog.Delivery;
import io.billingsdk.server.notifications.WebhookViews.DeliveryView;
import io.billingsdk.server.notifications.WebhookViews.EndpointView;
import io.billingsdk.server.notifications.WebhookViews.ReplayView;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Endpoints, their secrets and their deliveries: the operator's, and those of each customer. */
final class WebhookRoutes {
  private static final String OPERATOR = Route.BASE + "/webhooks";
  private static final String CUSTOMER = Route.BASE + "/customers/{customerId}/webhooks";
  private static final String ENDPOINTS = "webhooks";
  private static final String DELIVERIES = "webhook-deliveries";
  private static final int ID_CHARS = 64;
  private static final Pattern MESSAGE = Pattern.compile("msg_[0-9a-f]{32}");
  private static final List<String> STATES = List.of("pending", "delivered", "dead");

  private final WebhookEndpoints.Means means;
  private final Runnable wake;

  /**
   * Over the means of a feature.
   *
   * @param wake run once there is something to send
   */
  WebhookRoutes(WebhookEndpoints.Means means, Runnable wake) {
    this.means = means;
    this.wake = wake;
  }

  List<Route> routes() {
    return Stream.of(OPERATOR, CUSTOMER).flatMap(base -> routes(base).stream()).toList();
  }

  private List<Route> routes(String base) {
    String one = base + "/{endpointId}";
    return List.of(
        read(base, this::list).paged(),
        change("POST", base, request -> create(request, base)),
        read(one, this::get),
        change("PATCH", one, this::change),
        change("DELETE", one, this::remove),
        change("POST", one + "/rotate", this::rotate),
        read(one + "/deliveries", this::deliveries).paged().query("state"),
        change("POST", one + "/replay", this::replay));
  }

  private static boolean isOfCustomer(String path) {
    return path.startsWith(CUSTOMER);
  }

  private static Route read(String path, Route.Handler handler) {
    Route route = Route.read(path, handler);
    return isOfCustomer(path) ? route.forCustomers() : route;
  }

  private static Route change(String method, String path, Route.Handler handler) {
    return isOfCustomer(path)
        ? Route.ofCustomer(method, path, handler)
        : Route.write(method, path, handler).needing(RequiredScope.ADMIN);
  }

  private ApiResponse list(Request request) {
    String after = request.cursor(ENDPOINTS, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<WebhookEndpoint> found = endpoints(request).after(after, limit + 1);
    return ApiResponse.ok(
        Page.of(found, limit, EndpointView::of, each -> Cursor.of(ENDPOINTS, each.id())));
  }

  private ApiResponse create(Request request, String base) {
    JsonBody body = request.body();
    String url = body.text("url", WebhookUrl.CHARS);
    List<String> kinds = kinds(body);
    WebhookFormat format =
        body.optionalText("format", WebhookFormat.CHARS)
            .map(WebhookFormat::require)
            .orElse(WebhookFormat.STANDARD);
    body.end();
    NewSecret made = endpoints(request).create(url, kinds.isEmpty() ? List.of("*") : kinds, format);
    String path = base.replace("{customerId}", made.endpoint().customer());
    return ApiResponse.created(path + "/" + made.endpoint().id(), EndpointView.of(made));
  }

  private static List<String> kinds(JsonBody body) {
    return body.texts("kinds", KindPatterns.MOST, KindPatterns.CHARS);
  }

  private ApiResponse get(Request request) {
    return ApiResponse.ok(EndpointView.of(endpoints(request).require(id(request))));
  }

  private ApiResponse change(Request request) {
    JsonBody body = request.body();
    String url = body.optionalText("url", WebhookUrl.CHARS).orElse(null);
    List<String> kinds = body.has("kinds") ? kinds(body) : null;
    Boolean enabled = body.has("enabled") ? body.flag("enabled") : null;
    body.end();
    if (url == null && kinds == null && enabled == null) {
      throw body.wrong("body", "at least one of url, kinds, enabled");
    }
    WebhookEndpoint changed = endpoints(request).change(id(request), url, kinds, enabled);
    request.afterCommit(wake);
    return ApiResponse.ok(EndpointView.of(changed));
  }

  private ApiResponse remove(Request request) {
    endpoints(request).remove(id(request));
    return ApiResponse.ok(new RemovedWebhookView(id(request)));
  }

  private record RemovedWebhookView(String removed) {}

  private ApiResponse rotate(Request request) {
    return ApiResponse.ok(EndpointView.of(endpoints(request).rotate(id(request))));
  }

  private ApiResponse deliveries(Request request) {
    long below = request.numberCursor(DELIVERIES).orElse(Long.MAX_VALUE);
    String state = state(request, STATES);
    int limit = request.limit();
    List<Delivery> found = endpoints(request).deliveries(id(request), below, state, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            DeliveryView::of,
            each -> Cursor.of(DELIVERIES, Long.toString(each.number()))));
  }

  /** The one of some states that a request asks for; null for all. */
  static @Nullable String state(Request request, List<String> states) {
    String state = request.parameter("state").orElse(null);
    if (state != null && !states.contains(state)) {
      throw Request.invalid("state", "one of " + String.join(", ", states));
    }
    return state;
  }

  private ApiResponse replay(Request request) {
    JsonBody body = request.body();
    String message = body.optionalText("messageId", 64).orElse(null);
    Instant since = body.time("since").orElse(null);
    body.end();
    if ((message == null) == (since == null)) {
      throw body.wrong("body", "either messageId or since");
    }
    UUID event = message == null ? null : event(message);
    int replayed = endpoints(request).replay(id(request), event, since);
    request.afterCommit(wake);
    return ApiResponse.ok(new ReplayView(replayed));
  }

  private static UUID event(String message) {
    if (!MESSAGE.matcher(message).matches()) {
      throw Request.invalid("messageId", "the id of a message, as the deliveries show it");
    }
    String hex = message.substring("msg_".length());
    return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }

  private static String id(Request request) {
    String id = request.path("endpointId");
    if (id.length() > ID_CHARS) {
      throw Request.invalid("endpointId", "1 to " + ID_CHARS + " characters");
    }
    return id;
  }

  private WebhookEndpoints endpoints(Request request) {
    return new WebhookEndpoints(request.database(), request.actor(), owner(request), means);
  }

  /** Whose; empty for the operator. */
  static String owner(Request request) {
    return request.pathOrNone("customerId").orElse("");
  }
}
