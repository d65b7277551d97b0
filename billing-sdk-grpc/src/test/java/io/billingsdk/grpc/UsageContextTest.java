package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.UsageContext;
import io.billingsdk.UsageEvent;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For whom a call uses something, from an interceptor of the application into its events. */
final class UsageContextTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Metadata.Key<String> USER =
      Metadata.Key.of("user", Metadata.ASCII_STRING_MARSHALLER);

  private final TableClient client = new TableClient().allow("good", "app-1");

  /** Of the application: it knows the end user by a header. */
  private static final class Users implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      String user = headers.get(USER);
      UsageContext usage = UsageContext.EMPTY.withSubject(user).withSession("chat of " + user);
      return Contexts.interceptCall(BillingContext.with(usage), call, headers, next);
    }
  }

  private NettyEcho echo() throws Exception {
    MeteringInterceptorBuilder metering =
        MeteringInterceptor.builder().settleEvery(Duration.ofMillis(10));
    for (MethodType type :
        List.of(
            MethodType.UNARY,
            MethodType.SERVER_STREAMING,
            MethodType.CLIENT_STREAMING,
            MethodType.BIDI_STREAMING)) {
      metering.method(
          EchoService.method(type),
          Metering.of("echo", "metered", MeteringEndingsTest.MessageMeter::new));
    }
    return new NettyEcho(
        metering.build(), new Users(), ApiKeyInterceptor.builder().client(client).build());
  }

  @ParameterizedTest
  @EnumSource(
      value = MethodType.class,
      names = {"UNARY", "SERVER_STREAMING", "CLIENT_STREAMING", "BIDI_STREAMING"})
  void call_ofAnyKind_itsEventsSayForWhomItWas(MethodType type) throws Exception {
    try (NettyEcho echo = echo()) {
      echo.callToEnd(type, List.of("api-key", "good", "user", "ann"));
      await().atMost(PATIENCE).until(() -> finals() == 1);
    }

    assertThat(client.reported())
        .isNotEmpty()
        .allSatisfy(
            event -> {
              assertThat(event.subject()).isEqualTo("ann");
              assertThat(event.session()).isEqualTo("chat of ann");
              assertThat(event.execution()).isNull();
            });
  }

  @Test
  void stream_settledByATimerAndCancelled_saysForWhomItWas() throws Exception {
    try (NettyEcho echo = echo()) {
      ClientCall<String, String> call =
          echo.channel()
              .newCall(EchoService.method(MethodType.BIDI_STREAMING), CallOptions.DEFAULT);
      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER), "good");
      headers.put(USER, "ann");
      call.start(new ClientCall.Listener<>() {}, headers);
      call.sendMessage("hello");
      await().atMost(PATIENCE).until(() -> client.reported().size() == 1);
      call.cancel("enough", null);
      await().atMost(PATIENCE).until(() -> finals() == 1);
    }

    assertThat(client.reported()).extracting(UsageEvent::subject).containsExactly("ann", "ann");
  }

  @Test
  void calls_ofManyUsersAtATime_areNotMixedUp() throws Exception {
    int users = 8;
    int calls = 25;
    ExecutorService pool = Executors.newFixedThreadPool(users);
    try (NettyEcho echo = echo()) {
      List<Future<?>> running = new ArrayList<>();
      for (int user = 0; user < users; user++) {
        List<String> entries = List.of("api-key", "good", "user", "user-" + user);
        running.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < calls; i++) {
                    echo.call(MethodType.UNARY, entries);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      await().atMost(PATIENCE).until(() -> finals() == (long) users * calls);
    } finally {
      pool.shutdown();
    }
    // One of the handler and one of the metering for each call.
    for (int user = 0; user < users; user++) {
      String subject = "user-" + user;
      assertThat(
              client.reported().stream()
                  .filter(event -> subject.equals(event.subject()))
                  .filter(event -> ("chat of " + subject).equals(event.session())))
          .hasSize(2 * calls);
    }
  }

  @Test
  void call_ofAUserWithAnImpossibleName_isChargedWithoutTheName() throws Exception {
    try (NettyEcho echo = echo()) {
      echo.call(MethodType.UNARY, List.of("api-key", "good", "user", "x".repeat(300)));
      await().atMost(PATIENCE).until(() -> finals() == 1);
    }

    assertThat(client.reported()).hasSize(2).extracting(UsageEvent::subject).containsOnlyNulls();
    assertThat(TableClient.usages(client.reported())).containsExactlyInAnyOrder(5.0, 11.0);
  }

  @Test
  void with_anyField_holdsWithinAndEndsWithTheContext() throws Exception {
    List<@Nullable String> seen = new ArrayList<>();
    BillingContext.withSubject("ann")
        .run(
            () ->
                BillingContext.withSession("chat")
                    .run(
                        () ->
                            BillingContext.withExecution("run-1")
                                .run(
                                    () -> {
                                      UsageContext usage = UsageContext.current();
                                      seen.add(usage.subject());
                                      seen.add(usage.session());
                                      seen.add(usage.execution());
                                    })));

    assertThat(seen).containsExactly("ann", "chat", "run-1");
    assertThat(BillingContext.usage()).isSameAs(UsageContext.EMPTY);
    assertThat(UsageContext.current().isEmpty()).isTrue();
  }

  private long finals() {
    return client.reported().stream()
        .map(UsageEvent::metadata)
        .filter(Objects::nonNull)
        .filter(metadata -> "final".equals(metadata.get("settlement")))
        .count();
  }
}
