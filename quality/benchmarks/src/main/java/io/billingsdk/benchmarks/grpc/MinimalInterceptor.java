package io.billingsdk.benchmarks.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Map;

/** The least that a key check can be: one entry, one look-up, the caller in the context. */
final class MinimalInterceptor implements ServerInterceptor {
  static final Context.Key<String> CALLER = Context.key("caller");

  private final Map<String, String> callers;

  MinimalInterceptor(Map<String, String> callers) {
    this.callers = callers;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String apiKey = headers.get(EchoServer.API_KEY);
    String caller = apiKey == null ? null : callers.get(apiKey);
    if (caller == null) {
      call.close(Status.UNAUTHENTICATED, new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
  }
}
