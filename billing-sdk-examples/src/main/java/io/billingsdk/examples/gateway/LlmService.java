package io.billingsdk.examples.gateway;

import io.billingsdk.examples.api.ChatChunk;
import io.billingsdk.examples.api.ChatDone;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.ChatResponse;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.RequireApiKey;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Chat completion. It knows nothing of billing: its tokens are metered around it. */
@RequireApiKey
final class LlmService extends LlmGrpc.LlmImplBase {

  /** Charges by tokens; a call that fails, one. */
  static MeteringInterceptor metering() {
    return MeteringInterceptor.builder()
        .method(
            LlmGrpc.getCompleteMethod(),
            Metering.<ChatRequest, ChatResponse>of(
                    Offer.LLM.module(), Offer.UNKNOWN_MODEL, TokenMeter::ofWholeAnswers)
                .modelFrom(request -> Offer.LLM.billedModel(request.getModel())))
        .method(
            LlmGrpc.getCompleteStreamingMethod(),
            Metering.<ChatRequest, ChatChunk>of(
                    Offer.LLM.module(), Offer.UNKNOWN_MODEL, TokenMeter::ofPieces)
                .modelFrom(request -> Offer.LLM.billedModel(request.getModel())))
        .minimumOnFailure(Offer.LLM.minimum())
        .build();
  }

  @Override
  public void complete(ChatRequest request, StreamObserver<ChatResponse> call) {
    try {
      Completion completion = completionOf(request);
      call.onNext(
          ChatResponse.newBuilder()
              .setText(completion.text())
              .setFinishReason(completion.finishReason())
              .setUsage(completion.usage())
              .build());
      call.onCompleted();
    } catch (BadInput bad) {
      call.onError(bad.asStatus());
    }
  }

  @Override
  public void completeStreaming(ChatRequest request, StreamObserver<ChatChunk> call) {
    if (call instanceof ServerCallStreamObserver<?> server) {
      // Without a handler of its own a call that the client left throws out of onNext.
      server.setOnCancelHandler(() -> {});
    }
    try {
      stream(completionOf(request), call);
    } catch (BadInput bad) {
      call.onError(bad.asStatus());
    }
  }

  /** Sends the answer until it ends or the client leaves. */
  static void stream(Completion completion, StreamObserver<ChatChunk> call) {
    for (Completion.Piece piece : completion.pieces()) {
      if (call instanceof ServerCallStreamObserver<?> server && server.isCancelled()) {
        return;
      }
      call.onNext(ChatChunk.newBuilder().setText(piece.text()).build());
    }
    ChatDone done =
        ChatDone.newBuilder()
            .setFinishReason(completion.finishReason())
            .setUsage(completion.usage())
            .build();
    call.onNext(ChatChunk.newBuilder().setDone(done).build());
    call.onCompleted();
  }

  private static Completion completionOf(ChatRequest request) throws BadInput {
    String model = Offer.LLM.billedModel(request.getModel());
    Offer.LLM.requireKnown(model);
    return Completion.of(request, model);
  }
}
