package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many clients that leave at random moments: as many events as calls that were let in. */
@Tag("system")
final class MeteringStormTest {
  private static final int CLIENTS = 64;
  private static final int CALLS = Integer.getInteger("grpc.storm.calls", 40_000);
  private static final List<MethodType> KINDS =
      List.of(
          MethodType.UNARY,
          MethodType.SERVER_STREAMING,
          MethodType.CLIENT_STREAMING,
          MethodType.BIDI_STREAMING);

  private final TableClient client = new TableClient().allow("good", "app-1");
  private final AtomicLong admitted = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();

  /** Between the key check and the metering. */
  private final ServerInterceptor counting =
      new ServerInterceptor() {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
          admitted.incrementAndGet();
          return next.startCall(call, headers);
        }
      };

  @Test
  void calls_cancelledAtRandom_makeOneFinalEventEach() throws Exception {
    long seed = System.nanoTime();
    MeteringInterceptorBuilder metered = MeteringInterceptor.builder().settleEveryMessages(2);
    for (MethodType kind : KINDS) {
      metered.method(
          EchoService.method(kind),
          Metering.of("echo", "plain", MeteringEndingsTest.MessageMeter::new));
    }
    MeteringInterceptor metering = metered.build();
    ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(client).build();
    try (TlsServer server =
        TlsServer.start(
            b ->
                b.intercept(metering)
                    .intercept(counting)
                    .intercept(keys)
                    .addService(new EchoService().definition()))) {
      storm(server, seed);
      server.server().shutdown();
      assertThat(server.server().awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
    Map<Object, Long> settlements =
        client.reported().stream()
            .filter(event -> event.metadata() != null && event.metadata().containsKey("method"))
            .map(event -> String.valueOf(event.metadata().get("settlement")))
            .collect(
                java.util.stream.Collectors.groupingBy(
                    each -> each, java.util.stream.Collectors.counting()));
    Proof.of("grpc-metering-storm")
        .with("clients", CLIENTS)
        .with("calls", CALLS)
        .with("cancelled_by_client", cancelled)
        .with("admitted", admitted)
        .with("final_events", settlements.getOrDefault("final", 0L))
        .with("interim_events", settlements.getOrDefault("interim", 0L))
        .with("seed", seed)
        .print();
    assertThat(settlements.get("final")).isEqualTo(admitted.get());
    assertThat(cancelled.get()).isGreaterThan(CALLS / 10);
  }

  private void storm(TlsServer server, long seed) throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      channels.add(server.channel());
    }
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed + i);
      ManagedChannel channel = channels.get(i % channels.size());
      int calls = CALLS / CLIENTS + (i < CALLS % CLIENTS ? 1 : 0);
      all.add(clients.submit(() -> callMany(channel, calls, random)));
    }
    for (Future<?> each : all) {
      each.get(10, TimeUnit.MINUTES);
    }
    clients.shutdown();
  }

  private void callMany(ManagedChannel channel, int calls, Random random) {
    for (int i = 0; i < calls; i++) {
      MethodDescriptor<String, String> method =
          EchoService.method(KINDS.get(random.nextInt(KINDS.size())));
      ClientCall<String, String> call =
          channel.newCall(
              method, CallOptions.DEFAULT.withCallCredentials(ApiKeyCallCredentials.of("good")));
      CountDownLatch closed = new CountDownLatch(1);
      call.start(new UntilClosed(closed), new Metadata());
      call.request(100);
      call.sendMessage("hello");
      if (random.nextBoolean()) {
        Pace.spin(random.nextInt(1_500_000));
        call.cancel("enough", null);
        cancelled.incrementAndGet();
      } else {
        call.halfClose();
      }
      try {
        closed.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static final class UntilClosed extends ClientCall.Listener<String> {
    private final CountDownLatch closed;

    UntilClosed(CountDownLatch closed) {
      this.closed = closed;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      closed.countDown();
    }
  }
}
