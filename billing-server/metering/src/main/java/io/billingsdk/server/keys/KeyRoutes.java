package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.keys.KeyAdmin.NewKey;
import io.billingsdk.server.keys.KeyAdmin.StoredKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** API keys. */
final class KeyRoutes {
  private static final String OF_APP = Route.BASE + "/apps/{appId}/keys";
  private static final String KEYS = Route.BASE + "/keys";
  private static final String KEY = KEYS + "/{keyId}";
  private static final String LIST = "keys";
  private static final long MOST_OVERLAP_HOURS = 8_760;

  private final KeyVault vault;

  KeyRoutes(KeyVault vault) {
    this.vault = vault;
  }

  List<Route> routes() {
    return List.of(
        Route.read(OF_APP, this::list).forApps().paged(),
        Route.write("POST", OF_APP, this::create),
        Route.read(KEY, this::get).forApps(),
        Route.write("PATCH", KEY, this::change),
        Route.write("DELETE", KEY, this::remove),
        Route.write("POST", KEY + "/block", this::block),
        Route.write("POST", KEY + "/unblock", this::unblock),
        Route.write("POST", KEY + "/expire", this::expire),
        Route.write("POST", KEY + "/rotate", this::rotate));
  }

  /** A key that was just made: the one time that it is shown. */
  private record MadeKey(KeyView key, String secret) {}

  private ApiResponse list(Request request) {
    String after = request.cursor(LIST, 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<StoredKey> found = admin(request).ofApp(request.path("appId"), after, limit + 1);
    return ApiResponse.ok(Page.of(found, limit, KeyView::of, key -> Cursor.of(LIST, key.keyId())));
  }

  private ApiResponse create(Request request) {
    JsonBody body = request.body();
    KeyEntitlements terms = KeyLimitsParser.apply(body, KeyEntitlements.UNLIMITED);
    boolean legacy = body.flag("legacy");
    body.end();
    return made(request, admin(request).create(request.path("appId"), terms, legacy));
  }

  private ApiResponse get(Request request) {
    StoredKey key = present(request);
    if (!request.caller().sees(key.appId())) {
      // As if it were not there: whether it is, is nothing for this caller to know.
      throw none(key.keyId());
    }
    return ApiResponse.ok(KeyView.of(key));
  }

  private ApiResponse change(Request request) {
    JsonBody body = request.body();
    if (!KeyLimitsParser.isGiven(body)) {
      throw body.wrong("body", "at least one of models, expiresAt, rate, quotas");
    }
    // Read before the key is locked, and again with its old values: fields that are not given stay.
    var unused = KeyLimitsParser.apply(body, KeyEntitlements.UNLIMITED);
    body.end();
    admin(request).change(request.path("keyId"), terms -> KeyLimitsParser.apply(body, terms));
    return ApiResponse.ok(KeyView.of(present(request)));
  }

  private ApiResponse remove(Request request) {
    admin(request).remove(request.path("keyId"));
    return ApiResponse.ok(KeyView.of(present(request)));
  }

  private ApiResponse block(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", Bounds.REASON_CHARS);
    body.end();
    admin(request).block(request.path("keyId"), reason);
    return ApiResponse.ok(KeyView.of(present(request)));
  }

  private ApiResponse unblock(Request request) {
    admin(request).unblock(request.path("keyId"));
    return ApiResponse.ok(KeyView.of(present(request)));
  }

  private ApiResponse expire(Request request) {
    JsonBody body = request.body();
    Instant at = body.time("at").orElseThrow(() -> body.wrong("at", "a time in UTC"));
    body.end();
    admin(request).expire(request.path("keyId"), at);
    return ApiResponse.ok(KeyView.of(present(request)));
  }

  private ApiResponse rotate(Request request) {
    JsonBody body = request.body();
    long hours = body.whole("overlapHours", 0, MOST_OVERLAP_HOURS).orElse(24L);
    body.end();
    Instant oldEnds = Instant.now().plus(Duration.ofHours(hours));
    return made(request, admin(request).rotate(request.path("keyId"), oldEnds));
  }

  private ApiResponse made(Request request, NewKey key) {
    StoredKey record = admin(request).one(key.keyId()).orElseThrow(() -> none(key.keyId()));
    return ApiResponse.created(
        KEYS + "/" + key.keyId(), new MadeKey(KeyView.of(record), key.text()));
  }

  private StoredKey present(Request request) {
    String keyId = request.path("keyId");
    return admin(request).one(keyId).orElseThrow(() -> none(keyId));
  }

  private static ProblemException none(String keyId) {
    return new ProblemException(
        Problem.notFound("keyId", "there is no key " + keyId + ", or it was removed"));
  }

  private KeyAdmin admin(Request request) {
    return new KeyAdmin(request.database(), vault, request.actor());
  }
}
