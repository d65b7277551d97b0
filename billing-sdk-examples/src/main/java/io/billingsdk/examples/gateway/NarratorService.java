package io.billingsdk.examples.gateway;

import io.billingsdk.Caller;
import io.billingsdk.examples.api.NarrationRequest;
import io.billingsdk.examples.api.NarrationResponse;
import io.billingsdk.examples.api.NarratorGrpc;
import io.billingsdk.examples.gateway.Narration.Narrated;
import io.billingsdk.grpc.BillingContext;
import io.billingsdk.grpc.RequireApiKey;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.UUID;

/** The summary of a text, read aloud, as an execution whose parts are billed one by one. */
@RequireApiKey
final class NarratorService extends NarratorGrpc.NarratorImplBase {
  private static final int MAX_USER = 128;
  private static final int MAX_TEXT = 20_000;
  private static final int MAX_SENTENCES = 20;
  private static final int DEFAULT_SENTENCES = 3;

  @Override
  public void narrate(NarrationRequest request, StreamObserver<NarrationResponse> call) {
    Caller caller = BillingContext.caller().orElse(null);
    if (caller == null) {
      // The interceptor is missing: nobody could be charged.
      call.onError(Status.INTERNAL.withDescription("no caller").asRuntimeException());
      return;
    }
    try {
      NarrationResponse response = narrate(new Narration(caller), request);
      call.onNext(response);
      call.onCompleted();
    } catch (BadInput bad) {
      call.onError(bad.asStatus());
    }
  }

  private static NarrationResponse narrate(Narration narration, NarrationRequest request)
      throws BadInput {
    requireBounds(request);
    String id = UUID.randomUUID().toString();
    int sentences = request.getSentences() == 0 ? DEFAULT_SENTENCES : request.getSentences();
    Narrated narrated = narration.of(request.getUser(), id, request.getText(), sentences);
    return NarrationResponse.newBuilder()
        .setExecution(id)
        .setSummary(narrated.summary())
        .setWav(narrated.wav())
        .setSeconds(narrated.seconds().doubleValue())
        .build();
  }

  private static void requireBounds(NarrationRequest request) throws BadInput {
    if (request.getUser().isBlank() || request.getUser().length() > MAX_USER) {
      throw new BadInput("user_length", "user must have 1 to " + MAX_USER + " characters");
    }
    if (request.getText().isBlank() || request.getText().length() > MAX_TEXT) {
      throw new BadInput("text_length", "text must have 1 to " + MAX_TEXT + " characters");
    }
    if (request.getSentences() < 0 || request.getSentences() > MAX_SENTENCES) {
      throw new BadInput("sentences", "sentences must be from 0 to " + MAX_SENTENCES);
    }
  }
}
