package io.billingsdk.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/** A call that records what is sent on it, and can run something while it does. */
final class RecordedCall extends ServerCall<String, String> {
  final List<String> events = new ArrayList<>();
  Runnable during = () -> {};

  @Override
  public void request(int numMessages) {}

  @Override
  public void sendHeaders(Metadata headers) {
    events.add("headers");
    during.run();
  }

  @Override
  public void sendMessage(String message) {
    events.add("message " + message);
    during.run();
  }

  @Override
  public void close(Status status, Metadata trailers) {
    events.add("close " + status.getCode());
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public MethodDescriptor<String, String> getMethodDescriptor() {
    return EchoService.method(MethodType.BIDI_STREAMING);
  }
}
