package io.billingsdk.server.web;

import io.billingsdk.server.access.Authentication;
import io.billingsdk.server.access.Authentication.Known;
import io.billingsdk.server.access.Authentication.Refused;
import io.billingsdk.server.access.Caller;
import io.billingsdk.server.access.Repetitions;
import io.billingsdk.server.access.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.database.Database;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One route as Javalin calls it: who calls, whether they may, then the handler, in a transaction if
 * it changes something, then the answer or the problem. No route is reached in another way.
 */
final class Endpoint implements io.javalin.http.Handler {
  private static final String SCHEME = "bearer ";
  private static final byte[] NO_BYTES = {};

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

  @Override
  public void handle(Context context) throws IOException {
    long began = System.nanoTime();
    Answer answer = answer(context);
    send(context, answer);
    metrics.answered(route, answer, System.nanoTime() - began);
  }

  private Answer answer(Context context) {
    try {
      String token = route.access() == Access.PUBLIC ? null : token(context);
      Caller caller = token == null ? null : admitted(context, token);
      requireReadable(context);
      requireKnownParameters(context);
      return caller != null && token != null && route.access() == Access.WRITE
          ? change(context, caller, token)
          : route.handler().handle(new Request(context, caller, database, NO_BYTES, List.of()));
    } catch (SQLException | RuntimeException failed) {
      return Problems.answer(failed);
    }
  }

  private Answer change(Context context, Caller caller, String token) throws SQLException {
    // Before the transaction: a slow sender would else hold a connection, and what it has locked.
    byte[] body = Request.bytes(context);
    Optional<String> key = KeptAnswer.key(context);
    List<Runnable> afterCommit = new ArrayList<>();
    Answer answered =
        database.inTransaction(
            connection -> {
              Database joined = database.within(connection);
              Request request = new Request(context, caller, joined, body, afterCommit);
              return key.isPresent()
                  ? once(request, new Repetitions(connection, caller.tokenId(), token, key.get()))
                  : route.handler().handle(request);
            });
    afterCommit.forEach(Runnable::run);
    return answered;
  }

  /** The answer to the same request before, if there was one. */
  private Answer once(Request request, Repetitions repetitions) throws SQLException {
    byte[] hash = request.hash();
    Optional<byte[]> before = repetitions.answer(hash);
    if (before.isPresent()) {
      return KeptAnswer.read(before.get());
    }
    Answer answer = route.handler().handle(request);
    repetitions.keep(hash, KeptAnswer.write(answer));
    return answer;
  }

  /** Who calls, if they may call this route. */
  private Caller admitted(Context context, String token) throws SQLException {
    String address = context.req().getRemoteAddr();
    throttle.presented(token, address);
    Authentication presented = tokens.authenticate(token);
    if (presented instanceof Refused refused) {
      throttle.failed(token, address);
      throw unauthenticated(refused.why());
    }
    throttle.admitted(token);
    Caller caller = ((Known) presented).caller();
    Scope needed = needed();
    if (!caller.scope().includes(needed)) {
      throw forbidden("a token of the scope " + needed.text() + " is needed");
    }
    if (caller.appId() != null && !route.appScoped()) {
      throw forbidden("the token is confined to one app, and this is not of one app");
    }
    String app = context.pathParamMap().get("appId");
    if (app != null && !caller.sees(app)) {
      // As if it were not there: whether it is, is nothing for this caller to know.
      throw new ProblemException(Problem.notFound("appId", "there is no app " + app));
    }
    return caller;
  }

  private Scope needed() {
    return switch (route.access()) {
      case INTAKE -> Scope.INTAKE;
      case PUBLIC, READ -> Scope.READ;
      case WRITE -> Scope.WRITE;
    };
  }

  private static String token(Context context) {
    List<String> headers = new ArrayList<>();
    context.req().getHeaders("Authorization").asIterator().forEachRemaining(headers::add);
    if (headers.isEmpty()) {
      throw unauthenticated("there is no Authorization header");
    }
    String header = headers.get(0);
    if (headers.size() > 1 || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw unauthenticated("there must be one Authorization header, of the scheme Bearer");
    }
    return header.substring(SCHEME.length()).trim();
  }

  /** What a lenient decoder would make of the rest is not what was sent. */
  private static void requireReadable(Context context) {
    String query = context.req().getQueryString();
    if (query != null && PercentText.decoded(query).isEmpty()) {
      throw Request.invalid(unreadable(query), "percent-encoded UTF-8");
    }
    if (PercentText.decoded(context.req().getRequestURI()).isEmpty()) {
      throw Request.invalid("path", "percent-encoded UTF-8");
    }
    if (!context.method().equals(HandlerType.GET) && !context.method().equals(HandlerType.HEAD)) {
      RequestBody.requireReadable(context);
    }
  }

  /** The parameter that cannot be read; all of the query when its name cannot be either. */
  private static String unreadable(String query) {
    for (String parameter : query.split("&", -1)) {
      String name = PercentText.decoded(parameter.split("=", 2)[0]).orElse("");
      if (PercentText.decoded(parameter).isEmpty() && !name.isEmpty()) {
        return EventBody.shown(name);
      }
    }
    return "query";
  }

  private void requireKnownParameters(Context context) {
    for (Map.Entry<String, List<String>> each : context.queryParamMap().entrySet()) {
      String name = each.getKey();
      String shown = EventBody.shown(name);
      if (!route.parameters().contains(name)) {
        throw Request.invalid(shown, "left out: there is no such parameter");
      }
      if (each.getValue().size() > 1) {
        throw Request.invalid(shown, "given once");
      }
    }
  }

  private static ProblemException unauthenticated(String why) {
    return new ProblemException(Problem.unauthenticated(why));
  }

  private static ProblemException forbidden(String why) {
    return new ProblemException(Problem.forbidden(why));
  }

  /** Sends an answer. */
  static void send(Context context, Answer answer) throws IOException {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Cache-Control", "no-store");
    if (answer instanceof Answer.Whole whole) {
      Request.drain(context);
      whole.headers().forEach(context::header);
      context.status(whole.status()).contentType(whole.contentType()).result(whole.body());
    } else if (answer instanceof Answer.Streamed streamed) {
      stream(context, streamed);
    }
  }

  private static void stream(Context context, Answer.Streamed streamed) throws IOException {
    try {
      context.res().setContentType(streamed.contentType());
      // nginx would keep it back until it ends.
      context.res().setHeader("X-Accel-Buffering", "no");
      context.res().flushBuffer();
      // HEAD has no body, which would be written for ever and to nobody.
      if (!context.method().equals(HandlerType.HEAD)) {
        streamed.writer().writeTo(context.res().getOutputStream());
      }
      Request.drain(context);
    } finally {
      streamed.end().run();
    }
  }

  /** The token of an Authorization header. */
  static String bearer(String header) {
    return header.substring(Math.min(header.length(), SCHEME.length())).trim();
  }
}
