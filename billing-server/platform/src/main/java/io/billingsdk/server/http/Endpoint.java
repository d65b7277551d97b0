package io.billingsdk.server.http;

import io.billingsdk.server.access.Principal;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.access.Tokens.Authentication;
import io.billingsdk.server.access.Tokens.Authentication.Known;
import io.billingsdk.server.access.Tokens.Authentication.Refused;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Route.Places;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One route as it is called: who calls, and whether they may; later, when their body has come, the
 * handler, in a transaction if it changes something. No route is reached in another way.
 * Thread-safe.
 */
final class Endpoint {
  private static final byte[] NO_BYTES = {};

  /** A token that was good longer ago is looked at again: its body may have taken its time. */
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final Route route;
  private final Database database;
  private final Tokens tokens;
  private final Throttle throttle;
  private final Metrics metrics;

  Endpoint(Route route, Database database, Throttle throttle, Metrics metrics) {
    this.route = route;
    this.throttle = throttle;
    this.metrics = metrics;
    this.database = database;
    this.tokens = new Tokens(database);
  }

  Route route() {
    return route;
  }

  /** Counts an answer. */
  void answered(ApiResponse apiResponse, long nanos) {
    metrics.answered(route, apiResponse, nanos);
  }

  /**
   * Settles who calls a route that needs a token, before the body is read.
   *
   * @throws ProblemException when they may not, or when their request cannot be one of this route
   */
  void admit(Call call, String token) {
    call.admitted(admitted(call, token), token, System.nanoTime());
    requireAcceptable(call);
  }

  private void requireAcceptable(Call call) {
    requireReadable(call);
    requireKnownParameters(call);
  }

  /** The answer to a call; to one that needs a token once it was admitted. */
  ApiResponse answer(Call call) {
    try {
      Principal principal = call.caller();
      if (route.isOpen()) {
        requireAcceptable(call);
      } else if (principal == null) {
        throw new IllegalStateException("nobody has looked who calls " + route.path());
      } else {
        requireStillGood(call);
      }
      ApiResponse apiResponse =
          principal != null && (route.access().changes() || route.keepsAnswers())
              ? change(call, principal)
              : asked(call, principal);
      return apiResponse;
    } catch (RuntimeException failed) {
      return Problems.answer(failed);
    }
  }

  private ApiResponse asked(Call call, @Nullable Principal principal) {
    Places places = route.places();
    byte[] bytes =
        switch (route.access()) {
          case SIGNED -> call.body();
          case HOLDER -> call.onlyReads() ? NO_BYTES : RequestBody.bytes(call);
          default -> NO_BYTES;
        };
    Request request = new Request(call, principal, database, bytes, List.of());
    if (places == null) {
      ApiResponse apiResponse = route.handler().handle(request);
      if (apiResponse instanceof ApiResponse.Streamed streamed) {
        streamed.end().run();
        throw new IllegalStateException(route.path() + " streams and is not said to last");
      }
      return apiResponse;
    }
    Runnable giveBack = place(places, call);
    boolean kept = false;
    try {
      ApiResponse apiResponse = route.handler().handle(request);
      if (apiResponse instanceof ApiResponse.Streamed streamed) {
        kept = true;
        return streamed.andThen(giveBack);
      }
      return apiResponse;
    } finally {
      if (!kept) {
        giveBack.run();
      }
    }
  }

  private Runnable place(Places places, Call call) {
    Principal principal = call.caller();
    try {
      return principal == null
          ? places.take(Throttle.network(call.address()))
          : places.take(principal);
    } catch (ProblemException none) {
      metrics.throttled(Metrics.PLACES);
      throw none;
    }
  }

  private ApiResponse change(Call call, Principal principal) {
    byte[] body = RequestBody.bytes(call);
    Optional<String> key = StoredResponse.key(call);
    List<Runnable> afterCommit = new ArrayList<>();
    ApiResponse answered =
        database.inTransaction(
            handle -> {
              Database joined = database.within(handle);
              Request request = new Request(call, principal, joined, body, afterCommit);
              return key.isPresent()
                  ? once(
                      request,
                      new IdempotencyStore(handle, principal.tokenId(), call.token(), key.get()))
                  : route.handler().handle(request);
            });
    afterCommit.forEach(Runnable::run);
    return answered;
  }

  /** The answer to the same request before, if there was one. */
  private ApiResponse once(Request request, IdempotencyStore idempotencyStore) {
    byte[] hash = request.hash();
    Optional<byte[]> before = idempotencyStore.answer(hash);
    if (before.isPresent()) {
      return StoredResponse.read(before.get());
    }
    ApiResponse apiResponse = route.handler().handle(request);
    idempotencyStore.keep(hash, StoredResponse.write(apiResponse));
    return apiResponse;
  }

  private void requireStillGood(Call call) {
    if (System.nanoTime() - call.admittedNanos() > FRESH_NANOS
        && tokens.authenticate(call.token()) instanceof Refused refused) {
      throw BearerToken.missing(refused.why());
    }
  }

  /** Who calls, if they may call this route. */
  private Principal admitted(Call call, String token) {
    String address = call.address();
    throttle.presented(token, address);
    Authentication presented = tokens.authenticate(token);
    if (presented instanceof Refused refused) {
      throttle.failed(token, address);
      throw BearerToken.missing(refused.why());
    }
    throttle.admitted(token);
    Principal principal = ((Known) presented).caller();
    Scope needed = route.access().scope(principal.customerId() != null);
    if (!principal.scopes().includes(needed)) {
      throw forbidden("a token of the scope " + needed.text() + " is needed");
    }
    if (principal.appId() != null && !route.appScoped()) {
      throw forbidden("the token is for one app, and this request is for all apps");
    }
    requireOwnCustomer(call, principal);
    String app = call.pathParameters().get("appId");
    if (app != null && !principal.sees(app)) {
      // As if it were not there: whether it is, is nothing for this caller to know.
      throw new ProblemException(Problem.notFound("appId", "there is no app " + app));
    }
    return principal;
  }

  private void requireOwnCustomer(Call call, Principal principal) {
    String own = principal.customerId();
    if (own == null) {
      return;
    }
    if (!route.customerScoped()) {
      throw forbidden("the token is confined to one customer, and this is not of one customer");
    }
    String asked = call.pathParameters().get("customerId");
    if (asked != null && !asked.equals(own)) {
      // As if it were not there: whether it is, is nothing for this caller to know.
      throw new ProblemException(Problem.notFound("customerId", "there is no customer " + asked));
    }
  }

  /** What a lenient decoder would make of the rest is not what was sent. */
  private static void requireReadable(Call call) {
    String query = call.query();
    if (query != null && PercentText.decoded(query).isEmpty()) {
      throw Request.invalid(unreadable(query), "percent-encoded UTF-8");
    }
    if (PercentText.decoded(call.path()).isEmpty()) {
      throw Request.invalid("path", "percent-encoded UTF-8");
    }
    if (!call.onlyReads()) {
      RequestBody.requireReadable(call);
    }
  }

  /** The parameter that cannot be read; all of the query when its name cannot be either. */
  private static String unreadable(String query) {
    for (String parameter : query.split("&", -1)) {
      String name = PercentText.decoded(parameter.split("=", 2)[0]).orElse("");
      if (PercentText.decoded(parameter).isEmpty() && !name.isEmpty()) {
        return Request.shown(name);
      }
    }
    return "query";
  }

  private void requireKnownParameters(Call call) {
    for (Map.Entry<String, List<String>> each : call.parameters().entrySet()) {
      String name = each.getKey();
      String shown = Request.shown(name);
      boolean isKnown = route.parameters().contains(name);
      if (!isKnown && route.ignoresOthers()) {
        continue;
      }
      if (!isKnown) {
        throw Request.invalid(shown, "left out: there is no such parameter");
      }
      if (each.getValue().size() > 1) {
        throw Request.invalid(shown, "given once");
      }
    }
  }

  private static ProblemException forbidden(String why) {
    return new ProblemException(Problem.forbidden(why));
  }
}
