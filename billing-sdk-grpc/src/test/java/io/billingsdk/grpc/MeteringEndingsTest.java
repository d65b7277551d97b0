package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Proof;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status.Code;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every ending of every kind of call, over Netty with TLS: one event each, of the right amount. */
@Tag("system")
final class MeteringEndingsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final double MINIMUM = 7;
  private static final double ESTIMATE = 400;
  private static final List<MethodType> KINDS =
      List.of(
          MethodType.UNARY,
          MethodType.SERVER_STREAMING,
          MethodType.CLIENT_STREAMING,
          MethodType.BIDI_STREAMING);

  @Test
  void call_everyEndingOfEveryKind_makesOneEventOfTheRightAmountAndStatus() throws Exception {
    List<String> wrong = new ArrayList<>();
    int events = 0;
    int settledOnce = 0;
    for (Ending ending : Ending.values()) {
      for (MethodType kind : KINDS) {
        Ended ended = end(ending, kind);
        List<UsageEvent> reported = ended.reported();
        settledOnce += ended.isSettledOnce() ? 1 : 0;
        events += reported.size();
        if (reported.size() != 1) {
          wrong.add(ending + " " + kind + ": " + reported.size() + " events");
        } else {
          wrong.addAll(differences(ending, kind, reported.get(0)));
        }
      }
    }
    Proof.of("grpc-metering-endings")
        .with("endings", Ending.values().length)
        .with("kinds", KINDS.size())
        .with("events", events)
        .with("settled_once", settledOnce)
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong).isEmpty();
    assertThat(settledOnce).isEqualTo(events);
  }

  /**
   * How one call has ended.
   *
   * @param isSettledOnce whether its leases have paid its event, and nothing is left set aside
   */
  private record Ended(List<UsageEvent> reported, boolean isSettledOnce) {}

  private static boolean isSettledOnce(LeasedClient client) {
    BigDecimal used =
        client.table().reported().stream()
            .map(each -> requireNonNull(each.usage()))
            .reduce(BigDecimal.ZERO, BigDecimal::add)
            .stripTrailingZeros();
    BigDecimal calls = BigDecimal.valueOf(client.table().reported().size());
    Map<String, BigDecimal> paid = Map.of("calls", calls, "usage", used);
    // The call hears of its end before the last listener does.
    return client.outside() == 0
        && Await.holds(Duration.ofSeconds(10), () -> client.taken().equals(paid));
  }

  /** Lets one call end, and returns what was reported by then. */
  private static Ended end(Ending ending, MethodType kind) throws Exception {
    LeasedClient leased = new LeasedClient(Map.of("calls", 1_000L, "usage", 1_000L));
    TableClient client = leased.table();
    EndingHandler handler = new EndingHandler(ending);
    MethodDescriptor<String, String> method = EchoService.method(kind);
    MeteringInterceptor metering =
        MeteringInterceptor.builder()
            .method(
                method,
                Metering.<String, String>of("echo", "plain", MessageMeter::new)
                    .estimateFrom(request -> ESTIMATE))
            .minimumOnFailure(MINIMUM)
            .build();
    ApiKeyInterceptor keys = ApiKeyInterceptor.builder().client(leased).build();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(EchoService.NAME).addMethod(method, handler).build();
    try (TlsServer server =
            TlsServer.start(b -> b.intercept(metering).intercept(keys).addService(service));
        FaultProxy proxy = FaultProxy.to(server.server().getPort())) {
      ManagedChannel channel = server.channel(proxy.port());
      Closed closed = new Closed();
      ClientCall<String, String> call = begin(channel, method, ending, closed);
      if (!ending.byHandler()) {
        assertThat(handler.waiting.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(client.reported()).isEmpty();
        endFromOutside(ending, kind, call, proxy, server, client, handler);
      }
      await(() -> closed.status != null);
      await(() -> !client.reported().isEmpty());
      channel.shutdownNow();
      server.server().shutdown();
      assertThat(server.server().awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      LiveCalls live = requireNonNull(keys.liveCalls());
      await(() -> live.size() == 0);
      return new Ended(client.reported(), isSettledOnce(leased));
    } finally {
      leased.stop();
    }
  }

  private static ClientCall<String, String> begin(
      ManagedChannel channel,
      MethodDescriptor<String, String> method,
      Ending ending,
      Closed closed) {
    CallOptions options = CallOptions.DEFAULT.withCallCredentials(ApiKeyCallCredentials.of("good"));
    if (ending == Ending.DEADLINE) {
      options = options.withDeadlineAfter(1_500, TimeUnit.MILLISECONDS);
    }
    ClientCall<String, String> call = channel.newCall(method, options);
    call.start(closed, new Metadata());
    call.request(100);
    for (int i = 0; i < EndingHandler.requests(method.getType()); i++) {
      call.sendMessage("request");
    }
    if (method.getType().clientSendsOneMessage()) {
      call.halfClose();
    }
    return call;
  }

  private static void endFromOutside(
      Ending ending,
      MethodType kind,
      ClientCall<?, ?> call,
      FaultProxy proxy,
      TlsServer server,
      TableClient client,
      EndingHandler handler) {
    switch (ending) {
      case CLIENT_CANCEL -> call.cancel("enough", null);
      case TRANSPORT_CUT -> proxy.cut();
      case SERVER_SHUTDOWN -> server.server().shutdownNow();
      case REVOCATION -> {
        client.block("good", "unpaid");
        if (kind == MethodType.UNARY) {
          handler.finish();
        }
      }
      default -> {} // The deadline comes by itself.
    }
  }

  private static List<String> differences(Ending ending, MethodType kind, UsageEvent event) {
    boolean failed = ending == Ending.HANDLER_ERROR || ending == Ending.HANDLER_EXCEPTION;
    Code status = ending.status(kind);
    int responses =
        kind.serverSendsOneMessage() ? (status == Code.OK ? 1 : 0) : EndingHandler.STREAMED;
    double expected = failed ? MINIMUM : 10 * EndingHandler.requests(kind) + responses;
    Map<String, ?> metadata = requireNonNull(event.metadata());
    List<String> wrong = new ArrayList<>();
    if (requireNonNull(event.usage()).doubleValue() != expected) {
      wrong.add(ending + " " + kind + ": usage " + event.usage() + ", expected " + expected);
    }
    if (!status.name().equals(metadata.get("status"))
        || !"final".equals(metadata.get("settlement"))) {
      wrong.add(ending + " " + kind + ": " + metadata + ", expected " + status);
    }
    return wrong;
  }

  private static void await(BooleanSupplier condition) {
    Await.until(PATIENCE, condition);
  }

  /** Ten for a request, one for a response. */
  static final class MessageMeter implements CallMeter<String, String> {
    private double usage;

    @Override
    public void request(String request) {
      usage += 10;
    }

    @Override
    public void response(String response) {
      usage += 1;
    }

    @Override
    public double usage(double elapsedSeconds) {
      return usage;
    }
  }

  private static final class Closed extends ClientCall.Listener<String> {
    private volatile io.grpc.@org.jspecify.annotations.Nullable Status status;

    @Override
    public void onClose(io.grpc.Status newStatus, Metadata trailers) {
      status = newStatus;
    }
  }
}
