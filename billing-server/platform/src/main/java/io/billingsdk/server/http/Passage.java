package io.billingsdk.server.http;

import io.billingsdk.server.http.ApiResponse.Streaming;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.http.RouteTable.Meant;
import io.billingsdk.server.http.RouteTable.Nothing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: who sent it is settled before its body is read, its body has come before
 * a thread works for it, and its answer goes without one. So a caller who is slow costs no thread,
 * and one who is not known costs next to nothing.
 */
final class Passage {
  /** How long the rest of a body is waited for when its answer is known, */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** and so long again once the answer has gone. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** What nobody is known to have sent is kept up to here alone. */
  private static final int SIGNED_BYTES = 256 * 1024;

  /** All of that together. */
  static final long SIGNED_ROOM = 64L * SIGNED_BYTES;

  private static final Duration BUSY = Duration.ofSeconds(1);

  private final Engine engine;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final EndPoint connection;
  private final Body body;
  private final long began = System.nanoTime();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile BodyBytes roomOf;
  private volatile long room;
  private volatile Runnable atEnd = Passage::nothing;

  Passage(Engine engine, Request request, Response response, Callback callback) {
    this.engine = engine;
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
    this.body = new Body(request, engine.pools());
    this.roomOf = engine.bodies();
  }

  private static void nothing() {}

  void begin(RouteTable.RouteMatch found) {
    if (found instanceof Nothing nothing) {
      send(strangers(nothing.status()));
      return;
    }
    Meant meant = (Meant) found;
    Endpoint endpoint = meant.endpoint();
    Call call = new Call(request, meant.parameters());
    try {
      if (endpoint.route().access() == RequiredScope.PUBLIC) {
        engine.throttle().open(endpoint.route(), call.address());
        hand(engine.pools().open(endpoint.route()), endpoint, () -> answer(endpoint, call));
      } else if (endpoint.route().access() == RequiredScope.SIGNED) {
        engine.throttle().signed(call.address());
        read(endpoint, call);
      } else if (endpoint.route().access() == RequiredScope.HOLDER) {
        engine.throttle().signed(call.address());
        ofHolder(endpoint, call);
      } else {
        String token = BearerToken.of(call);
        hand(engine.pools().admission(), endpoint, () -> admit(endpoint, call, token));
      }
    } catch (ProblemException refused) {
      send(endpoint, Problems.answer(refused));
    }
  }

  private ApiResponse.Whole strangers(int status) {
    try {
      engine.throttle().nowhere(Request.getRemoteAddr(request));
      return ApiResponse.problem(Problem.ofStatus(status));
    } catch (ProblemException refused) {
      return Problems.answer(refused);
    }
  }

  private void hand(Executor pool, Endpoint endpoint, Runnable stage) {
    if (!Pools.run(pool, () -> safely(endpoint, stage))) {
      send(endpoint, busy());
    }
  }

  private void safely(Endpoint endpoint, Runnable stage) {
    try {
      stage.run();
    } catch (RuntimeException failed) {
      send(endpoint, Problems.answer(failed));
    }
  }

  private static ApiResponse.Whole busy() {
    return ApiResponse.problem(Problem.busy("too many requests wait; send it again later"), BUSY);
  }

  private void admit(Endpoint endpoint, Call call, String token) {
    try {
      endpoint.admit(call, token);
    } catch (RuntimeException refused) {
      send(endpoint, Problems.answer(refused));
      return;
    }
    engine.connections().markKnown(connection);
    if (call.onlyReads() || endpoint.route().places() != null) {
      hand(engine.pools().work(), endpoint, () -> answer(endpoint, call));
    } else {
      read(endpoint, call);
    }
  }

  private void read(Endpoint endpoint, Call call) {
    long length = request.getLength();
    int most = isSigned(endpoint) ? SIGNED_BYTES : RequestBody.SENT_BYTES;
    if (length > most) {
      send(endpoint, ApiResponse.problem(Problem.ofStatus(413)));
      return;
    }
    long wanted = length < 0 ? most : length;
    BodyBytes bytes = isSigned(endpoint) ? engine.signedBodies() : engine.bodies();
    if (!bytes.take(wanted)) {
      send(endpoint, busy());
      return;
    }
    roomOf = bytes;
    room = wanted;
    body.keep(most, engine.pace(), end -> hasCome(endpoint, call, end));
  }

  /** Whether nobody is known to have sent it until its handler has looked. */
  private static boolean isSigned(Endpoint endpoint) {
    RequiredScope access = endpoint.route().access();
    return access == RequiredScope.SIGNED || access == RequiredScope.HOLDER;
  }

  private void ofHolder(Endpoint endpoint, Call call) {
    if (call.onlyReads()) {
      hand(workers(endpoint), endpoint, () -> answer(endpoint, call));
    } else {
      read(endpoint, call);
    }
  }

  private Executor workers(Endpoint endpoint) {
    return switch (endpoint.route().access()) {
      case SIGNED -> engine.pools().signed();
      case HOLDER -> engine.pools().holders();
      default -> engine.pools().work();
    };
  }

  private void hasCome(Endpoint endpoint, Call call, Body.End end) {
    switch (end) {
      case WHOLE -> {
        call.bodyHasCome(body.bytes());
        hand(workers(endpoint), endpoint, () -> answer(endpoint, call));
      }
      case TOO_LONG -> send(endpoint, ApiResponse.problem(Problem.ofStatus(413)));
      case TOO_SLOW -> send(endpoint, ApiResponse.problem(Problem.tooSlow(engine.pace())));
      case BROKEN ->
          send(endpoint, ApiResponse.problem(Problem.malformedBody("the body ended early")));
    }
  }

  private void answer(Endpoint endpoint, Call call) {
    ApiResponse apiResponse = endpoint.answer(call);
    if (apiResponse instanceof ApiResponse.Whole whole) {
      send(endpoint, whole);
      return;
    }
    ApiResponse.Streamed streamed = (ApiResponse.Streamed) apiResponse;
    atEnd =
        () -> {
          streamed.end().run();
          endpoint.answered(streamed, System.nanoTime() - began);
        };
    if (call.isHead()) {
      head(200, streamed.contentType(), Map.of());
      write(new byte[0], /* persists= */ true);
    } else {
      boolean isOfHolder = endpoint.route().access() == RequiredScope.HOLDER;
      stream(
          streamed,
          isOfHolder ? LastingRequests.ofHolder() : engine.lasting().rights(call.token()));
    }
  }

  private void stream(ApiResponse.Streamed streamed, Rights rights) {
    head(200, streamed.contentType(), Map.of());
    // nginx would keep it back until it ends.
    response.getHeaders().put("X-Accel-Buffering", "no");
    Streaming[] opened = new Streaming[1];
    Outgoing out = new Outgoing(response, failure -> streamed(opened[0], failure));
    Streaming streaming =
        streamed.opener().open(new LastingExchange(body, out, rights, engine.pools()));
    opened[0] = streaming;
    Runnable last = atEnd;
    atEnd =
        () -> {
          engine.lasting().ended(streaming);
          streaming.gone();
          last.run();
        };
    engine.lasting().begun(streaming, rights);
    streaming.begin();
  }

  private void streamed(Streaming streaming, @Nullable Throwable failure) {
    if (failure != null) {
      complete(failure);
      return;
    }
    engine.lasting().ended(streaming);
    body.readOver(LINGER, ended -> complete(null));
  }

  private void send(Endpoint endpoint, ApiResponse.Whole whole) {
    Runnable last = atEnd;
    atEnd =
        () -> {
          last.run();
          endpoint.answered(whole, System.nanoTime() - began);
        };
    send(whole);
  }

  /** A caller who must come again need not connect again, if the body has come soon. */
  private void send(ApiResponse.Whole whole) {
    head(whole.status(), whole.contentType(), whole.headers());
    response.getHeaders().put("Content-Length", whole.body().length);
    if (body.hasEnded()) {
      write(whole.body(), /* persists= */ true);
    } else if (waitsToBeAsked()) {
      write(whole.body(), /* persists= */ false);
    } else {
      body.readOver(PATIENCE, ended -> write(whole.body(), ended));
    }
  }

  /** Who is asked for a body, by reading it, that nobody wants, sends it. */
  private boolean waitsToBeAsked() {
    return room == 0 && request.getHeaders().contains("Expect");
  }

  private void head(int status, String contentType, Map<String, String> headers) {
    response.setStatus(status);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put("Cache-Control", "no-store");
    response.getHeaders().put("Content-Type", contentType);
    headers.forEach(response.getHeaders()::put);
  }

  private void write(byte[] bytes, boolean persists) {
    if (!persists) {
      response.getHeaders().put("Connection", "close");
    }
    response.write(
        /* last= */ true,
        ByteBuffer.wrap(bytes),
        Callback.from(() -> written(persists), this::complete));
  }

  private void written(boolean persists) {
    if (persists || waitsToBeAsked()) {
      complete(null);
    } else {
      body.readOver(LINGER, ended -> complete(null));
    }
  }

  private void complete(@Nullable Throwable failure) {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    body.close();
    roomOf.giveBack(room);
    engine.connections().ended(connection);
    try {
      atEnd.run();
    } finally {
      if (failure == null) {
        callback.succeeded();
      } else {
        callback.failed(failure);
      }
    }
  }
}
