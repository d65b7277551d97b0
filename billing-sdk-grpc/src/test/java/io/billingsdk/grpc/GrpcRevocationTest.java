package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.billingsdk.grpc.desk.DeskGrpc;
import io.billingsdk.grpc.desk.Request;
import io.billingsdk.grpc.desk.Response;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A key is blocked while its streams are open, over Netty with TLS. */
@Tag("system")
final class GrpcRevocationTest {
  private static final int STREAMS = 1_000;
  private static final int CALLS = 100_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TableClient client = new TableClient().allow("good", "app-1").allow("two", "app-2");
  private final ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(client).build();

  /** Streams that go on until they are ended; each handler does something else meanwhile. */
  private static final class Endless extends Desk {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final boolean pushing;

    Endless(boolean pushing) {
      this.pushing = pushing;
    }

    @Override
    public StreamObserver<Request> talk(StreamObserver<Response> responses) {
      int number = open.incrementAndGet();
      ServerCallStreamObserver<Response> call = (ServerCallStreamObserver<Response>) responses;
      if (number % 2 == 0) {
        call.setOnCancelHandler(cancelled::incrementAndGet);
      }
      responses.onNext(answer());
      if (pushing && number % 10 == 0) {
        // Sends as fast as it can, on another thread, without a look at the call.
        ForkJoinPool.commonPool().execute(() -> send(responses));
      }
      return new StreamObserver<>() {
        @Override
        public void onNext(Request request) {
          responses.onNext(answer());
        }

        @Override
        public void onError(Throwable thrown) {
          if (number % 2 != 0) {
            cancelled.incrementAndGet();
          }
          if (number % 4 == 1) {
            throw new IllegalStateException("a handler that does not take it well");
          }
        }

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }

    private void send(StreamObserver<Response> responses) {
      try {
        for (int i = 0; i < 2_000 && !over.get(); i++) {
          responses.onNext(answer());
          if (i % 16 == 0) {
            Pace.pause(Duration.ofNanos(1));
          }
        }
      } catch (StatusRuntimeException | IllegalStateException ended) {
        // On a thread of the application, which hears of the end like this.
      }
    }
  }

  /** What one client heard. */
  private static final class Heard implements StreamObserver<Response> {
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile long endedNanos;
    private volatile Status status = Status.OK;
    private volatile String reason = "";
    private volatile boolean afterEnd;

    @Override
    public void onNext(Response response) {
      afterEnd |= end.getCount() == 0;
      first.countDown();
    }

    @Override
    public void onError(Throwable thrown) {
      endedNanos = System.nanoTime();
      status = Status.fromThrowable(thrown);
      reason = reasonOf(thrown);
      end.countDown();
    }

    @Override
    public void onCompleted() {
      endedNanos = System.nanoTime();
      end.countDown();
    }

    private static String reasonOf(Throwable thrown) {
      try {
        com.google.rpc.Status details = StatusProto.fromThrowable(thrown);
        if (details == null || details.getDetailsCount() == 0) {
          return "";
        }
        ErrorInfo info = details.getDetails(0).unpack(ErrorInfo.class);
        return info.getReason() + ": " + info.getMetadataOrDefault("reason", "");
      } catch (com.google.protobuf.InvalidProtocolBufferException malformed) {
        return malformed.toString();
      }
    }
  }

  @Test
  void keyChanged_thousandOpenStreams_endsThemAllWithTheReasonAndNoNoise() throws Exception {
    Endless service = new Endless(/* pushing= */ true);
    try (TlsServer server =
            TlsServer.start(builder -> builder.intercept(keys).addService(service));
        LogCapture log = LogCapture.start()) {
      List<Heard> blocked = open(server, STREAMS, "good");
      List<Heard> others = open(server, 10, "two");
      LiveCalls live = requireNonNull(keys.liveCalls());
      assertThat(live.size()).isEqualTo(STREAMS + 10);

      long pushed = System.nanoTime();
      client.block("good", "invoice unpaid");
      for (Heard heard : blocked) {
        assertThat(heard.end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
      service.over.set(true);
      await(() -> live.size() == 10 && service.cancelled.get() == STREAMS);
      report(blocked, pushed, live, log);

      assertThat(blocked)
          .allMatch(heard -> heard.status.getCode() == Status.Code.PERMISSION_DENIED);
      assertThat(blocked)
          .allMatch(heard -> heard.reason.equals("CONSUMER_SUSPENDED: invoice unpaid"));
      assertThat(blocked).noneMatch(heard -> heard.afterEnd);
      assertThat(others).allMatch(heard -> heard.end.getCount() == 1);
      assertThat(noise(log)).isEmpty();
    }
  }

  @Test
  void interceptCall_manyCallsOfEveryEnding_leaveNothingInTheRegistry() throws Exception {
    try (TlsServer server =
        TlsServer.start(
            builder -> builder.intercept(keys).addService(new Endless(/* pushing= */ false)))) {
      ManagedChannel channel = server.channel();
      DeskGrpc.DeskStub stub = stub(channel, "good");
      Semaphore window = new Semaphore(200);
      for (int i = 0; i < CALLS; i++) {
        window.acquire();
        boolean cancel = i % 2 == 0;
        io.grpc.Context.CancellableContext context = io.grpc.Context.current().withCancellation();
        context.run(() -> stub.talk(new Release(window, context, cancel)).onCompleted());
      }
      assertThat(window.tryAcquire(200, PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      LiveCalls live = requireNonNull(keys.liveCalls());
      await(() -> live.size() == 0);
      Proof.of("grpc-revocation-leak")
          .with("calls", CALLS)
          .with("open_after", live.size())
          .with("keys_after", live.keys())
          .print();
      assertThat(live.keys()).isZero();
    }
  }

  @Test
  void onRevoke_letFinish_leavesStreamsOpen() throws Exception {
    ApiKeyInterceptor lenient =
        ApiKeyInterceptor.builder().client(client).onRevoke(OnRevoke.LET_FINISH).build();
    try (TlsServer server =
        TlsServer.start(
            builder -> builder.intercept(lenient).addService(new Endless(/* pushing= */ false)))) {
      Heard heard = new Heard();
      StreamObserver<Request> requests = stub(server.channel(), "good").talk(heard);
      assertThat(heard.first.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      client.block("good", "unpaid");
      requests.onCompleted();
      assertThat(heard.end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(heard.status.isOk()).isTrue();
    }
  }

  @Test
  void start_keyBlockedBetweenCheckAndRegistration_isRevokedBeforeItsHandler() throws Exception {
    Endless service = new Endless(/* pushing= */ false);
    AtomicInteger asked = new AtomicInteger();
    ApiKeyInterceptor racing =
        ApiKeyInterceptor.builder()
            .client(
                new ForwardingClient(client) {
                  @Override
                  public io.billingsdk.KeyDecision check(
                      @org.jspecify.annotations.Nullable String apiKey) {
                    io.billingsdk.KeyDecision decision = super.check(apiKey);
                    if (asked.getAndIncrement() == 0) {
                      client.block("good", "just now");
                    }
                    return decision;
                  }
                })
            .build();
    try (TlsServer server =
        TlsServer.start(builder -> builder.intercept(racing).addService(service))) {
      Heard heard = new Heard();
      StreamObserver<Request> unused = stub(server.channel(), "good").talk(heard);
      assertThat(heard.end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(heard.reason).isEqualTo("CONSUMER_SUSPENDED: just now");
      assertThat(service.open).hasValue(0);
      LiveCalls live = requireNonNull(racing.liveCalls());
      await(() -> live.size() == 0);
    }
  }

  private static void report(List<Heard> blocked, long pushed, LiveCalls live, LogCapture log) {
    long[] micros = blocked.stream().mapToLong(h -> (h.endedNanos - pushed) / 1_000).toArray();
    Arrays.sort(micros);
    Proof.of("grpc-revocation")
        .with("streams", blocked.size())
        .with("closed_p50_ms", micros[micros.length / 2] / 1_000)
        .with("closed_p99_ms", micros[micros.length * 99 / 100] / 1_000)
        .with("closed_max_ms", micros[micros.length - 1] / 1_000)
        .with("registered_after", live.size() - 10)
        .with("log_noise", noise(log).size())
        .print();
  }

  /** Lines of a log that an operator would have to look at. */
  private static List<String> noise(LogCapture log) {
    return log.text()
        .lines()
        .filter(line -> line.contains("WARN") || line.contains("ERROR") || line.contains("SEVERE"))
        .toList();
  }

  private static List<Heard> open(TlsServer server, int streams, String apiKey) throws Exception {
    List<Heard> all = new ArrayList<>();
    DeskGrpc.DeskStub stub = stub(server.channel(), apiKey);
    for (int i = 0; i < streams; i++) {
      Heard heard = new Heard();
      StreamObserver<Request> unused = stub.talk(heard);
      all.add(heard);
    }
    for (Heard heard : all) {
      assertThat(heard.first.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    return all;
  }

  private static DeskGrpc.DeskStub stub(ManagedChannel channel, String apiKey) {
    return DeskGrpc.newStub(channel).withCallCredentials(ApiKeyCallCredentials.of(apiKey));
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    Await.until(PATIENCE, condition);
  }

  /** Lets the next call begin when this one has ended; half of them end it themselves. */
  private record Release(
      Semaphore window, io.grpc.Context.CancellableContext context, boolean cancel)
      implements StreamObserver<Response> {
    @Override
    public void onNext(Response response) {
      if (cancel) {
        context.cancel(null);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      context.cancel(null);
      window.release();
    }

    @Override
    public void onCompleted() {
      context.cancel(null);
      window.release();
    }
  }
}
