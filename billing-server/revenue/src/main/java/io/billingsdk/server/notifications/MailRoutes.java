package io.billingsdk.server.notifications;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.notifications.MailLog.Mail;
import io.billingsdk.server.notifications.MailViews.KindsView;
import io.billingsdk.server.notifications.MailViews.MailView;
import io.billingsdk.server.notifications.MailViews.RecipientView;
import io.billingsdk.server.notifications.MailViews.RecipientsView;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Addresses and mails: the operator's, and those of each customer. */
final class MailRoutes {
  private static final String OPERATOR = Route.BASE + "/notifications";
  private static final String CUSTOMER = Route.BASE + "/customers/{customerId}/notifications";
  private static final String MAILS = "mails";
  private static final List<String> STATES =
      List.of("pending", "sending", "sent", "unsure", "dead");
  private static final int LOCALE_CHARS = 35;

  private final InstantSource clock;
  private final Runnable wake;

  /**
   * Over the clock of a feature.
   *
   * @param wake run once there is something to send
   */
  MailRoutes(InstantSource clock, Runnable wake) {
    this.clock = clock;
    this.wake = wake;
  }

  List<Route> routes() {
    List<Route> all = new ArrayList<>();
    all.add(
        Route.read(OPERATOR + "/kinds", request -> ApiResponse.ok(KindsView.all())).forCustomers());
    all.addAll(routes(OPERATOR));
    all.addAll(routes(CUSTOMER));
    return List.copyOf(all);
  }

  private List<Route> routes(String base) {
    String recipients = base + "/recipients";
    String one = recipients + "/{recipientId}";
    return List.of(
        read(recipients, this::list),
        change("POST", recipients, request -> add(request, recipients)),
        change("PATCH", one, this::change),
        change("DELETE", one, this::remove),
        read(base + "/mails", this::mails).paged().query("state"),
        change("POST", base + "/mails/{mailId}/replay", this::replay));
  }

  private static Route read(String path, Route.Handler handler) {
    Route route = Route.read(path, handler);
    return path.startsWith(CUSTOMER) ? route.forCustomers() : route;
  }

  private static Route change(String method, String path, Route.Handler handler) {
    return path.startsWith(CUSTOMER)
        ? Route.ofCustomer(method, path, handler)
        : Route.write(method, path, handler).needing(RequiredScope.ADMIN);
  }

  private ApiResponse list(Request request) {
    return ApiResponse.ok(
        new RecipientsView(recipients(request).all().stream().map(RecipientView::of).toList()));
  }

  private ApiResponse add(Request request, String path) {
    JsonBody body = request.body();
    String address = body.text("address", MailAddress.CHARS);
    List<String> kinds = kinds(body);
    String locale = body.optionalText("locale", LOCALE_CHARS).orElse(null);
    body.end();
    MailRecipient made =
        recipients(request).add(address, kinds.isEmpty() ? List.of("*") : kinds, locale);
    return ApiResponse.created(
        path.replace("{customerId}", made.customer()) + "/" + made.id(), RecipientView.of(made));
  }

  private static List<String> kinds(JsonBody body) {
    return body.texts("kinds", KindPatterns.MOST, KindPatterns.CHARS);
  }

  private ApiResponse change(Request request) {
    JsonBody body = request.body();
    List<String> kinds = kinds(body);
    String locale = body.optionalText("locale", LOCALE_CHARS).orElse(null);
    body.end();
    return ApiResponse.ok(
        RecipientView.of(recipients(request).change(uuid(request, "recipientId"), kinds, locale)));
  }

  private ApiResponse remove(Request request) {
    UUID id = uuid(request, "recipientId");
    recipients(request).remove(id);
    return ApiResponse.ok(new RemovedMailView(id));
  }

  private record RemovedMailView(UUID removed) {}

  private ApiResponse mails(Request request) {
    long below = request.numberCursor(MAILS).orElse(Long.MAX_VALUE);
    int limit = request.limit();
    List<Mail> found =
        recipients(request).mails(below, WebhookRoutes.state(request, STATES), limit + 1);
    return ApiResponse.ok(
        Page.of(
            found, limit, MailView::of, each -> Cursor.of(MAILS, Long.toString(each.number()))));
  }

  private ApiResponse replay(Request request) {
    UUID mail = uuid(request, "mailId");
    recipients(request).replay(mail);
    request.afterCommit(wake);
    return ApiResponse.ok(new ReplayedView(mail));
  }

  private record ReplayedView(UUID replayed) {}

  private static UUID uuid(Request request, String name) {
    return Request.uuid(name, request.path(name));
  }

  private MailRecipients recipients(Request request) {
    return new MailRecipients(
        request.database(), request.actor(), WebhookRoutes.owner(request), clock);
  }
}
