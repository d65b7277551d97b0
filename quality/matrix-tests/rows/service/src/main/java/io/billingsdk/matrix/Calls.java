package io.billingsdk.matrix;

import com.google.rpc.ErrorInfo;
import io.billingsdk.grpc.ApiKeyCallCredentials;
import io.billingsdk.matrix.desk.DeskGrpc;
import io.billingsdk.matrix.desk.Request;
import io.billingsdk.matrix.desk.Response;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The calls of a client, each with what it must come to. */
final class Calls {
  static final String MODEL = "small";
  static final String FORBIDDEN = "large";
  private static final List<MethodDescriptor<Request, Response>> METERED =
      List.of(
          DeskGrpc.getAskMethod(),
          DeskGrpc.getFollowMethod(),
          DeskGrpc.getCollectMethod(),
          DeskGrpc.getTalkMethod());

  private final Channel channel;
  private int made;
  private int right;

  Calls(Channel channel) {
    this.channel = channel;
  }

  int made() {
    return made;
  }

  int right() {
    return right;
  }

  /** Every outcome, for every kind of method. */
  void makeAll() {
    for (MethodDescriptor<Request, Response> method : METERED) {
      expect(method, "key-good", MODEL, "OK app-good");
      expect(method, null, MODEL, "UNAUTHENTICATED CREDENTIALS_MISSING");
      expect(method, "key-unknown", MODEL, "UNAUTHENTICATED API_KEY_INVALID");
      expect(method, "key-blocked", MODEL, "PERMISSION_DENIED CONSUMER_SUSPENDED unpaid");
      expect(method, "key-good", FORBIDDEN, "PERMISSION_DENIED API_KEY_SERVICE_BLOCKED");
    }
    expect(DeskGrpc.getOpenMethod(), null, MODEL, "OK nobody");
    expect(DeskGrpc.getOptionalMethod(), null, MODEL, "OK nobody");
    expect(DeskGrpc.getOptionalMethod(), "key-good", MODEL, "OK app-good");
    expect(DeskGrpc.getOptionalMethod(), "key-unknown", MODEL, "UNAUTHENTICATED API_KEY_INVALID");
  }

  /** What a client that is not connected comes to. */
  void makeUnavailable() {
    for (MethodDescriptor<Request, Response> method : METERED) {
      expect(method, "key-good", MODEL, "UNAVAILABLE KEY_STATUS_UNAVAILABLE");
    }
    expect(DeskGrpc.getOpenMethod(), null, MODEL, "OK nobody");
  }

  private void expect(
      MethodDescriptor<Request, Response> method, String key, String model, String expected) {
    String got = call(method, key, model);
    made++;
    right += got.equals(expected) ? 1 : 0;
    if (!got.equals(expected)) {
      System.out.println(
          "wrong: " + method.getBareMethodName() + " with " + key + " for " + model + ": " + got);
    }
  }

  private String call(MethodDescriptor<Request, Response> method, String key, String model) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    if (key != null) {
      options = options.withCallCredentials(ApiKeyCallCredentials.of(key).allowingPlaintext());
    }
    Request request = Request.newBuilder().setModel(model).build();
    try {
      Response response =
          method.getType().serverSendsOneMessage()
              ? ClientCalls.blockingUnaryCall(channel, method, options, request)
              : ClientCalls.blockingServerStreamingCall(channel, method, options, request).next();
      return "OK " + response.getCaller();
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode() + details(refused);
    }
  }

  /** As a client reads them. */
  private static String details(StatusRuntimeException refused) {
    com.google.rpc.Status status = StatusProto.fromThrowable(refused);
    if (status == null || status.getDetailsCount() == 0) {
      return " without details: " + refused.getStatus().getDescription();
    }
    if (status.getCode() != refused.getStatus().getCode().value()) {
      return " with code " + Status.fromCodeValue(status.getCode());
    }
    try {
      ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
      String reason = info.getMetadataOrDefault("reason", "");
      return " " + info.getReason() + (reason.isEmpty() ? "" : " " + reason);
    } catch (com.google.protobuf.InvalidProtocolBufferException unreadable) {
      return " with unreadable details";
    }
  }
}
