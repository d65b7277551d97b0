package io.billingsdk.examples.gateway;

import io.billingsdk.examples.api.ChatChunk;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.ChatResponse;
import io.billingsdk.grpc.CallMeter;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Tokens of one call: those of the prompt, and those that were sent. */
final class TokenMeter<R> implements CallMeter<ChatRequest, R> {
  private final ToIntFunction<R> completionTokensOf;
  private int promptTokens;
  private int completionTokens;

  private TokenMeter(ToIntFunction<R> completionTokensOf) {
    this.completionTokensOf = completionTokensOf;
  }

  static TokenMeter<ChatResponse> ofWholeAnswers() {
    return new TokenMeter<>(response -> response.getUsage().getCompletionTokens());
  }

  /** A stream that the client leaves is charged as far as it was sent. */
  static TokenMeter<ChatChunk> ofPieces() {
    return new TokenMeter<>(chunk -> chunk.hasDone() ? 0 : Tokenizer.count(chunk.getText()));
  }

  @Override
  public void request(ChatRequest request) {
    promptTokens =
        request.getMessagesList().stream()
            .mapToInt(message -> Tokenizer.count(message.getContent()))
            .sum();
  }

  @Override
  public void response(R response) {
    completionTokens += completionTokensOf.applyAsInt(response);
  }

  @Override
  public double usage(double elapsedSeconds) {
    return promptTokens + completionTokens;
  }

  @Override
  public Map<String, ?> metadata() {
    return Map.of("prompt_tokens", promptTokens, "completion_tokens", completionTokens);
  }
}
