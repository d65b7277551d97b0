package io.billingsdk.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.billingsdk.examples.api.ChatMessage;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.FinishReason;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CompletionTest {
  private static final String TEXT =
      "Cats sleep. Brokers deliver messages, and messages reach brokers. Rain falls on cats.";

  @Test
  void of_severalSentences_picksThoseWithTheCommonWords() throws BadInput {
    Completion completion = Completion.of(user(TEXT).build(), "summary-1-mini");
    assertThat(completion.text())
        .isEqualTo("Brokers deliver messages, and messages reach brokers.");
    assertThat(completion.finishReason()).isEqualTo(FinishReason.FINISH_REASON_STOP);
  }

  @Test
  void of_sameRequest_sameAnswerAndUsage() throws BadInput {
    assertThat(Completion.of(user(TEXT).build(), "summary-1"))
        .isEqualTo(Completion.of(user(TEXT).build(), "summary-1"));
  }

  @Test
  void of_anyPrompt_countsWhatTheTokenizerCounts() throws BadInput {
    Completion completion = Completion.of(user(TEXT).build(), "summary-1");
    assertThat(completion.usage().getPromptTokens()).isEqualTo(Tokenizer.count(TEXT));
    assertThat(completion.usage().getCompletionTokens())
        .isEqualTo(Tokenizer.count(completion.text()));
    assertThat(completion.usage().getTotalTokens())
        .isEqualTo(Tokenizer.count(TEXT) + Tokenizer.count(completion.text()));
  }

  @Test
  void of_maxTokensReached_cutsThereAndSaysSo() throws BadInput {
    Completion completion = Completion.of(user(TEXT).setMaxTokens(3).build(), "summary-1");
    assertThat(completion.usage().getCompletionTokens()).isEqualTo(3);
    assertThat(Tokenizer.count(completion.text())).isEqualTo(3);
    assertThat(completion.finishReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
  }

  @Test
  void pieces_anyAnswer_areTogetherTheWholeText() throws BadInput {
    Completion completion = Completion.of(user(TEXT).build(), "summary-1");
    String joined =
        completion.pieces().stream().map(Completion.Piece::text).collect(Collectors.joining());
    assertThat(joined).isEqualTo(completion.text());
    assertThat(completion.pieces().stream().mapToInt(Completion.Piece::tokens).sum())
        .isEqualTo(completion.usage().getCompletionTokens());
  }

  @Test
  void of_noTextOfUser_emptyPrompt() {
    refused(ChatRequest.newBuilder(), "empty_prompt");
    refused(user(" \n"), "empty_prompt");
    refused(message("system", TEXT), "empty_prompt");
  }

  @Test
  void of_unknownRole_badRole() {
    refused(message("robot", TEXT), "bad_role");
  }

  @Test
  void of_maxTokensOutOfRange_badMaxTokens() {
    refused(user(TEXT).setMaxTokens(-1), "bad_max_tokens");
    refused(user(TEXT).setMaxTokens(1025), "bad_max_tokens");
  }

  @Test
  void of_hugePrompt_promptTooLong() {
    refused(user("x".repeat(40_000)), "prompt_too_long");
  }

  private static void refused(ChatRequest.Builder request, String errorType) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Completion.of(request.build(), "summary-1"))
        .satisfies(bad -> assertThat(bad.errorType()).isEqualTo(errorType));
  }

  private static ChatRequest.Builder user(String content) {
    return message("user", content);
  }

  private static ChatRequest.Builder message(String role, String content) {
    return ChatRequest.newBuilder()
        .addMessages(ChatMessage.newBuilder().setRole(role).setContent(content));
  }
}
