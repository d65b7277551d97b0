package io.billingsdk.examples.gateway;

import io.billingsdk.examples.api.ChatChunk;
import io.billingsdk.examples.api.ChatDone;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.ChatResponse;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.examples.api.TokenUsage;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** Chat completion, billed by tokens. A stream that the client leaves is billed as far as sent. */
final class LlmService extends LlmGrpc.LlmImplBase {
  private final BilledCalls calls;

  LlmService(BilledCalls calls) {
    this.calls = calls;
  }

  @Override
  public void complete(ChatRequest request, StreamObserver<ChatResponse> call) {
    String model = Offer.LLM.billedModel(request.getModel());
    calls.run(
        Offer.LLM,
        model,
        call,
        () -> {
          Completion completion = Completion.of(request, model);
          call.onNext(
              ChatResponse.newBuilder()
                  .setText(completion.text())
                  .setFinishReason(completion.finishReason())
                  .setUsage(completion.usage())
                  .build());
          return charge(model, completion.usage(), "success");
        });
  }

  @Override
  public void completeStreaming(ChatRequest request, StreamObserver<ChatChunk> call) {
    String model = Offer.LLM.billedModel(request.getModel());
    calls.run(Offer.LLM, model, call, () -> stream(Completion.of(request, model), model, call));
  }

  /** Sends the answer until it ends or the client leaves, and charges for what was sent. */
  static Charge stream(Completion completion, String model, StreamObserver<ChatChunk> call) {
    int sent = 0;
    for (Completion.Piece piece : completion.pieces()) {
      if (isCancelled(call)) {
        return charge(model, completion.usage(sent), "cancelled");
      }
      call.onNext(ChatChunk.newBuilder().setText(piece.text()).build());
      sent += piece.tokens();
    }
    ChatDone done =
        ChatDone.newBuilder()
            .setFinishReason(completion.finishReason())
            .setUsage(completion.usage())
            .build();
    call.onNext(ChatChunk.newBuilder().setDone(done).build());
    return charge(model, completion.usage(), "success");
  }

  private static boolean isCancelled(StreamObserver<?> call) {
    return call instanceof ServerCallStreamObserver<?> server && server.isCancelled();
  }

  private static Charge charge(String model, TokenUsage usage, String status) {
    return new Charge(
        Offer.LLM.module(),
        model,
        usage.getTotalTokens(),
        Map.of(
            "prompt_tokens", usage.getPromptTokens(),
            "completion_tokens", usage.getCompletionTokens(),
            "status", status));
  }
}
