package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.Attributions.Named;
import io.billingsdk.server.ledger.Attributions.Unknown;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events that belong to no app, and their way to one. */
final class AttributionRoutes {
  private static final String UNATTRIBUTED = Route.BASE + "/unattributed";
  private static final String LIST = "unattributed";
  private static final int HASH_CHARS = 64;
  private static final int ID_CHARS = 256;

  private final LedgerAppender appender;

  AttributionRoutes(LedgerAppender appender) {
    this.appender = appender;
  }

  List<Route> routes() {
    return List.of(
        Route.read(UNATTRIBUTED, this::list).paged(),
        Route.write("POST", UNATTRIBUTED + "/attribute", this::attribute));
  }

  private Attributions attributions(Request request) {
    return new Attributions(request.database(), request.actor(), appender);
  }

  private record AttributionView(
      @Nullable String keyId,
      @Nullable String sha256,
      long events,
      BigDecimal usage,
      Instant firstAt,
      Instant lastAt) {
    static AttributionView of(Unknown unknown) {
      return new AttributionView(
          unknown.keyId(),
          unknown.sha256(),
          unknown.events(),
          unknown.usage(),
          unknown.first(),
          unknown.last());
    }
  }

  private ApiResponse list(Request request) {
    Named after =
        request.cursor(LIST, 2).map(place -> new Named(place.get(0), place.get(1))).orElse(null);
    int limit = request.limit();
    List<Unknown> found = attributions(request).unknownAfter(after, limit + 1);
    return ApiResponse.ok(Page.of(found, limit, AttributionView::of, AttributionRoutes::cursor));
  }

  private static String cursor(Unknown unknown) {
    return Cursor.of(
        LIST,
        Objects.requireNonNullElse(unknown.keyId(), ""),
        Objects.requireNonNullElse(unknown.sha256(), ""));
  }

  private ApiResponse attribute(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", Bounds.REASON_CHARS);
    Optional<String> keyId = body.optionalText("keyId", ID_CHARS);
    Optional<String> appId = body.optionalText("appId", Bounds.NAME_CHARS);
    Optional<String> sha256 =
        body.optionalText("sha256", HASH_CHARS).map(hex -> hex.toLowerCase(Locale.ROOT));
    Optional<String> named = body.optionalText("named", ID_CHARS);
    body.end();
    if (sha256.isPresent() && !KeyRef.KeySha256.isWellFormed(sha256.get())) {
      throw body.wrong("sha256", "64 hexadecimal digits");
    }
    Attributions attributions = attributions(request);
    if (keyId.isPresent() && appId.isEmpty() && sha256.isEmpty() && named.isEmpty()) {
      return ApiResponse.ok(attributions.toKey(keyId.get(), reason));
    }
    if (keyId.isEmpty() && appId.isPresent() && sha256.isPresent() != named.isPresent()) {
      Named which = new Named(named.orElse(null), sha256.orElse(null));
      return ApiResponse.ok(attributions.toApp(which, appId.get(), null, reason));
    }
    throw body.wrong("body", "keyId, or appId with either sha256 or named");
  }
}
