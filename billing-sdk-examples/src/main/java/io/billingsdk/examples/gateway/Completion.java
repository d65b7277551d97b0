package io.billingsdk.examples.gateway;

import io.billingsdk.examples.api.ChatMessage;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.FinishReason;
import io.billingsdk.examples.api.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the language model answers, and what it cost.
 *
 * @param text the whole answer
 * @param promptTokens tokens of all messages
 * @param tokens the answer's tokens, by their place in {@code text}
 */
record Completion(
    String text, int promptTokens, List<Tokenizer.Token> tokens, FinishReason finishReason) {

  private static final int DEFAULT_MAX_TOKENS = 64;
  private static final int MOST_TOKENS = 1024;
  private static final int MAX_CHARACTERS = 32 * 1024;
  private static final int TOKENS_PER_PIECE = 4;
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  /** A part of a streamed answer: its text, and the tokens in it. */
  record Piece(String text, int tokens) {}

  /** Makes the answer, or says what is wrong with the question. */
  static Completion of(ChatRequest request, String model) throws BadInput {
    int maxTokens = maxTokens(request);
    String prompt = prompt(request.getMessagesList());
    String answer = Summarizer.summarize(prompt, model.endsWith("-mini") ? 1 : 2);
    int promptTokens =
        request.getMessagesList().stream()
            .mapToInt(message -> Tokenizer.count(message.getContent()))
            .sum();
    List<Tokenizer.Token> tokens = Tokenizer.tokens(answer);
    if (tokens.size() <= maxTokens) {
      return new Completion(answer, promptTokens, tokens, FinishReason.FINISH_REASON_STOP);
    }
    List<Tokenizer.Token> kept = List.copyOf(tokens.subList(0, maxTokens));
    String cut = answer.substring(0, kept.get(maxTokens - 1).end());
    return new Completion(cut, promptTokens, kept, FinishReason.FINISH_REASON_LENGTH);
  }

  /** The answer in pieces of a few tokens; together they are the whole text. */
  List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    for (int first = 0; first < tokens.size(); first += TOKENS_PER_PIECE) {
      int next = Math.min(first + TOKENS_PER_PIECE, tokens.size());
      int to = next == tokens.size() ? text.length() : tokens.get(next).start();
      pieces.add(new Piece(text.substring(from, to), next - first));
      from = to;
    }
    return pieces;
  }

  TokenUsage usage() {
    return usage(tokens.size());
  }

  /** The usage when only so many tokens were sent. */
  TokenUsage usage(int completionTokens) {
    return TokenUsage.newBuilder()
        .setPromptTokens(promptTokens)
        .setCompletionTokens(completionTokens)
        .setTotalTokens(promptTokens + completionTokens)
        .build();
  }

  private static int maxTokens(ChatRequest request) throws BadInput {
    int asked = request.getMaxTokens() == 0 ? DEFAULT_MAX_TOKENS : request.getMaxTokens();
    if (asked < 1 || asked > MOST_TOKENS) {
      throw new BadInput("bad_max_tokens", "max_tokens must be 1 to " + MOST_TOKENS);
    }
    return asked;
  }

  private static String prompt(List<ChatMessage> messages) throws BadInput {
    for (ChatMessage message : messages) {
      if (!ROLES.contains(message.getRole())) {
        throw new BadInput("bad_role", "role must be one of " + ROLES);
      }
    }
    String prompt =
        messages.stream()
            .filter(message -> message.getRole().equals("user"))
            .map(ChatMessage::getContent)
            .collect(Collectors.joining("\n"));
    if (Tokenizer.count(prompt) == 0) {
      throw new BadInput("empty_prompt", "messages must hold text of a user");
    }
    if (prompt.length() > MAX_CHARACTERS) {
      throw new BadInput("prompt_too_long", "prompt must be up to " + MAX_CHARACTERS + " chars");
    }
    return prompt;
  }
}
