package io.billingsdk.server.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.notifications.WebhookSecrets.LinkTarget;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The link of a mail. Reading it changes nothing, since scanners of mail open each link; the button
 * does, and so does a reader of mail by RFC 8058.
 */
final class UnsubscribeRoutes {
  private static final String TOKEN = "token";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-store");

  private final WebhookSecrets secrets;
  private final InstantSource clock;

  UnsubscribeRoutes(WebhookSecrets secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.open(MailWriter.UNSUBSCRIBE, this::ask).query(TOKEN),
        Route.openChange(MailWriter.UNSUBSCRIBE, this::end).query(TOKEN));
  }

  private ApiResponse ask(Request request) {
    LinkTarget target = target(request);
    String action = MailWriter.UNSUBSCRIBE + "?token=" + secrets.token(target);
    return page(texts(request).unsubscribePage("unsubscribe.title", "unsubscribe.ask", action));
  }

  private ApiResponse end(Request request) {
    LinkTarget target = target(request);
    if (!target.kind().isMandatory()) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      Optional<MailRecipient> unused =
          MailRecipients.mute(request.database(), target.recipient(), target.kind(), now);
    }
    return page(texts(request).unsubscribePage("unsubscribed.title", "unsubscribed.text", null));
  }

  private LinkTarget target(Request request) {
    return request
        .parameter(TOKEN)
        .flatMap(secrets::target)
        .orElseThrow(() -> Request.invalid(TOKEN, "the one of a link in a mail"));
  }

  /** By what the browser prefers: the page knows nobody. */
  private static MailTexts texts(Request request) {
    return request.headers().entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase("Accept-Language"))
        .map(each -> each.getValue().get(0).split("[,;]", 2)[0].strip())
        .findFirst()
        .map(MailTexts::of)
        .orElseGet(() -> MailTexts.of("en"));
  }

  private static ApiResponse page(MailPage page) {
    byte[] html = MailWriter.html("unsubscribe", page).getBytes(UTF_8);
    return new ApiResponse.Whole(200, "text/html; charset=utf-8", html, HEADERS);
  }
}
