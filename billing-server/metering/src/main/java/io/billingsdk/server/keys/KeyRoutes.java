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
import io.billingsdk.server.keys.KeyBlocks.KeyBlock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** API keys. */
final class KeyRoutes {
  private static final String OF_APP = Route.BASE + "/apps/{appId}/keys";
  private static final String KEYS = Route.BASE + "/keys";
  private static final String KEY = KEYS + "/{keyId}";
  private static final String LIST = "keys";
  private static final int CAUSE_CHARS = 16;
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
    Map<String, List<KeyBlock>> blocks =
        admin(request).blocks(found.stream().map(StoredKey::keyId).toList());
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            key ->
                KeyView.of(key, blocks.getOrDefault(key.keyId(), List.of()), isOperator(request)),
            key -> Cursor.of(LIST, key.keyId())));
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
    return ApiResponse.ok(view(request, key));
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
    return ApiResponse.ok(view(request, present(request)));
  }

  private ApiResponse remove(Request request) {
    admin(request).remove(request.path("keyId"));
    return ApiResponse.ok(view(request, present(request)));
  }

  private ApiResponse block(Request request) {
    JsonBody body = request.body();
    String reason = body.text("reason", Bounds.REASON_CHARS);
    body.end();
    admin(request).block(request.path("keyId"), reason);
    return ApiResponse.ok(view(request, present(request)));
  }

  private ApiResponse unblock(Request request) {
    admin(request).lift(request.path("keyId"), cause(request));
    return ApiResponse.ok(view(request, present(request)));
  }

  /** Without a body it is that of an operator, as in earlier versions. */
  private static BlockCause cause(Request request) {
    if (request.bytes().length == 0) {
      return BlockCause.OPERATOR;
    }
    JsonBody body = request.body();
    String cause = body.optionalText("cause", CAUSE_CHARS).orElse(BlockCause.OPERATOR.text());
    body.end();
    if (Arrays.stream(BlockCause.values()).noneMatch(each -> each.text().equals(cause))) {
      throw body.wrong("cause", "operator, past_due, violation, plan or quota");
    }
    return BlockCause.of(cause);
  }

  private ApiResponse expire(Request request) {
    JsonBody body = request.body();
    Instant at = body.time("at").orElseThrow(() -> body.wrong("at", "a time in UTC"));
    body.end();
    admin(request).expire(request.path("keyId"), at);
    return ApiResponse.ok(view(request, present(request)));
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
        KEYS + "/" + key.keyId(), new MadeKey(view(request, record), key.text()));
  }

  private StoredKey present(Request request) {
    String keyId = request.path("keyId");
    return admin(request).one(keyId).orElseThrow(() -> none(keyId));
  }

  private KeyView view(Request request, StoredKey key) {
    return KeyView.of(
        key,
        admin(request).blocks(List.of(key.keyId())).getOrDefault(key.keyId(), List.of()),
        isOperator(request));
  }

  private static boolean isOperator(Request request) {
    return request.caller().appId() == null;
  }

  private static ProblemException none(String keyId) {
    return new ProblemException(
        Problem.notFound("keyId", "there is no key " + keyId + ", or it was removed"));
  }

  private KeyAdmin admin(Request request) {
    return new KeyAdmin(request.database(), vault, request.actor());
  }
}
