package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Await;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Streams that stay open, over Netty, and the timer that settles them. */
final class SettleEveryTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final TableClient client = new TableClient().allow("good", "app-1");

  @Test
  void settleEvery_streamThatStaysOpen_isSettledOnTheWayAndTheSumIsTheUsage() throws Exception {
    try (NettyEcho echo = new NettyEcho(metering(), keys())) {
      AwaitedClose closed = new AwaitedClose();
      ClientCall<String, String> call = start(echo, closed);
      call.sendMessage("hello");
      await(() -> settled("interim").size() == 1);
      call.sendMessage("hello");
      await(() -> settled("interim").size() == 2);
      call.halfClose();

      assertThat(closed.status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getCode())
          .isEqualTo(Status.Code.OK);
      await(() -> settled("final").size() == 1);
    }
    // Ten for each request and one for the response; nothing for the intervals without any.
    assertThat(TableClient.usages(settled("interim"))).containsExactly(10.0, 10.0);
    assertThat(TableClient.usages(settled("final"))).containsExactly(1.0);
  }

  @Test
  void settleEvery_streamThatHasEnded_isNotSettledAgain() throws Exception {
    try (NettyEcho echo = new NettyEcho(metering(), keys())) {
      AwaitedClose ended = new AwaitedClose();
      ClientCall<String, String> first = start(echo, ended);
      first.sendMessage("hello");
      first.halfClose();
      ended.status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      await(() -> settled("final").size() == 1);
      assertThat(sum(client.reported())).isEqualTo(11.0);
      int before = client.reported().size();

      // The timer of another stream has gone round twice since.
      ClientCall<String, String> other = start(echo, new AwaitedClose());
      other.sendMessage("hello");
      await(() -> client.reported().size() == before + 1);
      other.sendMessage("hello");
      await(() -> client.reported().size() == before + 2);
      other.cancel("enough", null);
    }
    assertThat(sum(client.reported())).isEqualTo(11.0 + 20.0);
  }

  private static double sum(List<UsageEvent> events) {
    return TableClient.usages(events).stream().mapToDouble(usage -> usage).sum();
  }

  private static MeteringInterceptor metering() {
    return MeteringInterceptor.builder()
        .settleEvery(Duration.ofMillis(10))
        .method(
            EchoService.method(MethodType.BIDI_STREAMING),
            Metering.of("echo", "plain", MeteringEndingsTest.MessageMeter::new))
        .build();
  }

  private ApiKeyInterceptor keys() {
    return ApiKeyInterceptor.builder().client(client).build();
  }

  private static ClientCall<String, String> start(NettyEcho echo, AwaitedClose closed) {
    ClientCall<String, String> call =
        echo.channel()
            .newCall(
                EchoService.method(MethodType.BIDI_STREAMING),
                CallOptions.DEFAULT.withCallCredentials(ApiKeyCallCredentials.of("good")));
    call.start(closed, new Metadata());
    call.request(100);
    return call;
  }

  private List<UsageEvent> settled(String settlement) {
    return client.reported().stream()
        .filter(
            event -> settlement.equals(Objects.requireNonNull(event.metadata()).get("settlement")))
        .toList();
  }

  private static void await(BooleanSupplier condition) {
    Await.until(PATIENCE, condition);
  }

  private static final class AwaitedClose extends ClientCall.Listener<String> {
    private final CompletableFuture<Status> status = new CompletableFuture<>();

    @Override
    public void onClose(Status newStatus, Metadata trailers) {
      status.complete(newStatus);
    }
  }
}
