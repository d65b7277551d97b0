package io.billingsdk.examples.demo;

import io.billingsdk.examples.api.AsrGrpc;
import io.billingsdk.examples.api.AudioRequest;
import io.billingsdk.examples.api.AudioResponse;
import io.billingsdk.examples.api.ChatChunk;
import io.billingsdk.examples.api.ChatMessage;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.ChatResponse;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.examples.api.SpeechRequest;
import io.billingsdk.examples.api.SpeechResponse;
import io.billingsdk.examples.api.TtsGrpc;
import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The requests of the plan, and their answers in a few words. */
final class Requests {
  private static final int DEADLINE_SECONDS = 60;
  private static final String MINI = "summary-1-mini";

  private final Channel channel;
  private final DemoInputs inputs;
  private final Map<KeyUse, String> keys;

  Requests(Channel channel, DemoInputs inputs, Map<KeyUse, String> keys) {
    this.channel = channel;
    this.inputs = inputs;
    this.keys = Map.copyOf(keys);
  }

  /** Sends a call and sums its answer up; what ends it otherwise is thrown by the stub. */
  String send(PlannedCall call) {
    return switch (call.service()) {
      case LLM -> complete(call);
      case LLM_STREAMING -> stream(call);
      case TTS -> synthesize(call);
      case ASR -> analyze(call);
    };
  }

  private String complete(PlannedCall call) {
    ChatResponse answer = prepared(LlmGrpc.newBlockingStub(channel), call).complete(chat(call));
    return quoted(answer.getText()) + ", " + answer.getUsage().getTotalTokens() + " tokens";
  }

  private String stream(PlannedCall call) {
    Iterator<ChatChunk> chunks =
        prepared(LlmGrpc.newBlockingStub(channel), call).completeStreaming(chat(call));
    StringBuilder text = new StringBuilder();
    int pieces = 0;
    int tokens = 0;
    while (chunks.hasNext()) {
      ChatChunk chunk = chunks.next();
      text.append(chunk.getText());
      pieces += chunk.hasDone() ? 0 : 1;
      tokens += chunk.getDone().getUsage().getTotalTokens();
    }
    return quoted(text.toString()) + " in " + pieces + " pieces, " + tokens + " tokens";
  }

  private String synthesize(PlannedCall call) {
    SpeechResponse answer =
        prepared(TtsGrpc.newBlockingStub(channel), call)
            .synthesize(SpeechRequest.newBuilder().setText(prompt(call)).build());
    return String.format(
        Locale.ROOT,
        "%d characters spoken in %.1f s, %d KB of WAV",
        answer.getCharacters(),
        answer.getSeconds(),
        answer.getWav().size() / 1000);
  }

  private String analyze(PlannedCall call) {
    DemoInputs.Wav wav = inputs.wavs().get(call.input());
    AudioResponse answer =
        prepared(AsrGrpc.newBlockingStub(channel), call)
            .analyze(AudioRequest.newBuilder().setWav(wav.content()).build());
    return String.format(
        Locale.ROOT,
        "%s: %.2f s at %d Hz, %d stretches",
        wav.name(),
        answer.getSeconds(),
        answer.getSampleRate(),
        answer.getSegmentsCount());
  }

  private ChatRequest chat(PlannedCall call) {
    return ChatRequest.newBuilder()
        .setModel(call.number() % 2 == 0 ? MINI : "")
        .addMessages(ChatMessage.newBuilder().setRole("user").setContent(prompt(call)))
        .build();
  }

  private String prompt(PlannedCall call) {
    return call.input() == PlannedCall.EMPTY ? "" : inputs.prompts().get(call.input());
  }

  private <S extends AbstractStub<S>> S prepared(S stub, PlannedCall call) {
    Metadata metadata = new Metadata();
    String key = keys.get(call.key());
    if (key != null) {
      String scheme = call.keyHeader().equals("authorization") ? "Bearer " : "";
      metadata.put(
          Metadata.Key.of(call.keyHeader(), Metadata.ASCII_STRING_MARSHALLER), scheme + key);
    }
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static String quoted(String text) {
    int longest = 48;
    return '"' + (text.length() <= longest ? text : text.substring(0, longest) + "…") + '"';
  }
}
