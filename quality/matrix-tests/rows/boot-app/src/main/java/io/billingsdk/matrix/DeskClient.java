package io.billingsdk.matrix;

import io.billingsdk.grpc.ApiKeyCallCredentials;
import io.billingsdk.matrix.desk.DeskGrpc;
import io.billingsdk.matrix.desk.Request;
import io.billingsdk.matrix.desk.Response;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls a {@link DeskApplication}: port, a good key and a blocked one, and {@code outcomes}, {@code
 * one} or {@code load}. Load goes on until the server is gone. The last line says how it went.
 */
final class DeskClient {
  private static final int CALLERS = 8;
  private static final long WARM_CALLS = 2_000;

  private final Channel channel;
  private final String good;
  private int right;
  private int made;

  private DeskClient(Channel channel, String good) {
    this.channel = channel;
    this.good = good;
  }

  /** See above. */
  public static void main(String[] arguments) throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "localhost", Integer.parseInt(arguments[0]), InsecureChannelCredentials.create())
            .build();
    DeskClient client = new DeskClient(channel, arguments[1]);
    switch (arguments[3]) {
      case "outcomes" -> client.outcomes(arguments[2]);
      case "one" -> client.one();
      default -> client.load();
    }
    channel.shutdownNow();
  }

  private void outcomes(String blocked) {
    expect("OK", DeskGrpc.getAskMethod(), good, "small");
    expect("UNAUTHENTICATED", DeskGrpc.getAskMethod(), null, "small");
    expect("UNAUTHENTICATED", DeskGrpc.getAskMethod(), "unknown", "small");
    expect("PERMISSION_DENIED", DeskGrpc.getAskMethod(), blocked, "small");
    expect("PERMISSION_DENIED", DeskGrpc.getAskMethod(), good, "large");
    expect("OK", DeskGrpc.getOpenMethod(), null, "small");
    System.out.printf("outcomes right=%d of=%d%n", right, made);
  }

  private void one() {
    expect("OK", DeskGrpc.getAskMethod(), good, "small");
    System.out.printf("outcomes right=%d of=%d%n", right, made);
  }

  private void expect(
      String expected, MethodDescriptor<Request, Response> method, String key, String model) {
    String got = call(method, key, model);
    made++;
    right += got.equals(expected) ? 1 : 0;
    if (!got.equals(expected)) {
      System.out.println("wrong: " + method.getBareMethodName() + " for " + model + ": " + got);
    }
  }

  private void load() throws InterruptedException {
    AtomicLong answered = new AtomicLong();
    Set<String> endings = new ConcurrentSkipListSet<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(() -> callUntilRefused(answered, endings));
      caller.start();
      callers.add(caller);
    }
    for (Thread caller : callers) {
      caller.join();
    }
    System.out.printf("load answered=%d endings=%s%n", answered.get(), endings);
  }

  private void callUntilRefused(AtomicLong answered, Set<String> endings) {
    while (true) {
      String ended = call(DeskGrpc.getAskMethod(), good, "small");
      if (!ended.equals("OK")) {
        endings.add(ended);
        return;
      }
      if (answered.incrementAndGet() == WARM_CALLS) {
        System.out.println("load runs");
      }
    }
  }

  private String call(MethodDescriptor<Request, Response> method, String key, String model) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    if (key != null) {
      options = options.withCallCredentials(ApiKeyCallCredentials.of(key).allowingPlaintext());
    }
    try {
      var unused =
          ClientCalls.blockingUnaryCall(
              channel, method, options, Request.newBuilder().setModel(model).build());
      return "OK";
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode().name();
    }
  }
}
