package io.billingsdk.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.billingsdk.Caller;
import io.billingsdk.KeyDecision;
import io.billingsdk.RejectionReason;
import io.billingsdk.UsageEvent;
import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.examples.api.AsrGrpc;
import io.billingsdk.examples.api.AudioRequest;
import io.billingsdk.examples.api.ChatMessage;
import io.billingsdk.examples.api.ChatRequest;
import io.billingsdk.examples.api.LlmGrpc;
import io.billingsdk.examples.api.NarrationRequest;
import io.billingsdk.examples.api.NarrationResponse;
import io.billingsdk.examples.api.NarratorGrpc;
import io.billingsdk.examples.api.SpeechRequest;
import io.billingsdk.examples.api.TtsGrpc;
import io.billingsdk.examples.usage.UsageLine;
import io.billingsdk.testkit.BillingTest;
import io.billingsdk.testkit.TestBilling;
import io.billingsdk.testkit.UsageEventAssert;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each call over TLS, and exactly what it is charged. */
@BillingTest
@Tag("system")
@SuppressWarnings("NullAway.Init")
class GatewayTest {
  private static final Map<String, Object> REFUSED = Map.of("status", "INVALID_ARGUMENT");

  private static final String KEY = "good-key";

  @TempDir Path directory;

  private TestBilling client;
  private final UsageTally tally = new UsageTally();
  private Gateway gateway;
  private ManagedChannel channel;
  private Channel withKey;

  @BeforeEach
  void start(TestBilling billing) throws IOException {
    client = billing.decide(KEY, KeyDecision.Allowed.of(Caller.of(KEY, "k_1", "aurora")));
    GatewayTls tls =
        new GatewayTls(
            directory.resolve("c.pem"), directory.resolve("k.pem"), directory.resolve("ca.pem"));
    CertificateAuthority ca = CertificateAuthority.create("test");
    IssuedCertificate issued = ca.issueServer("localhost");
    issued.writeCertificatePem(tls.certificate());
    issued.writeKeyPem(tls.key());
    ca.writeCertificate(tls.ca());
    gateway = Gateway.start(0, tls, tally);
    channel =
        Grpc.newChannelBuilderForAddress(
                "localhost",
                gateway.port(),
                TlsChannelCredentials.newBuilder().trustManager(tls.ca().toFile()).build())
            .build();
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER), KEY);
    withKey =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    gateway.close();
  }

  @Test
  void complete_prompt_chargesItsTokens() {
    int tokens =
        LlmGrpc.newBlockingStub(withKey)
            .complete(chat("Hello, world.", ""))
            .getUsage()
            .getTotalTokens();
    assertThat(tokens).isEqualTo(8);
    charged("llm", "summary-1", 8, metadata("prompt_tokens", 4, "completion_tokens", 4));
  }

  @Test
  void completeStreaming_prompt_chargesOnceForAllPieces() {
    LlmGrpc.newBlockingStub(withKey)
        .completeStreaming(chat("Hello, world. ".repeat(3), "summary-1-mini"))
        .forEachRemaining(chunk -> {});
    charged("llm", "summary-1-mini", 16, metadata("prompt_tokens", 12, "completion_tokens", 4));
  }

  @Test
  void synthesize_text_chargesItsCharacters() throws WavFormatException {
    ByteString wav =
        TtsGrpc.newBlockingStub(withKey)
            .synthesize(SpeechRequest.newBuilder().setText("hi 🙂").build())
            .getWav();
    assertThat(WavFile.parse(wav.toByteArray()).millis()).isEqualTo(160);
    charged("tts", "tone-1", 4, Map.of("status", "OK", "settlement", "final"));
  }

  @Test
  void analyze_file_chargesItsSeconds() {
    ByteString wav = ByteString.copyFrom(WavWriter.mono16(new short[12_000], 8000));
    AsrGrpc.newBlockingStub(withKey).analyze(AudioRequest.newBuilder().setWav(wav).build());
    charged("asr", "level-1", 1.5, Map.of("segments", 1, "status", "success"));
  }

  @Test
  void analyze_malformedFile_chargesTheMinimumOnceAndSaysWhy() {
    AudioRequest request =
        AudioRequest.newBuilder().setWav(ByteString.copyFromUtf8("RIFFnonsense")).build();
    failed(() -> AsrGrpc.newBlockingStub(withKey).analyze(request), "wav: it is RIFF, but not");
    charged("asr", "level-1", 0.1, error("malformed_wav"));
  }

  @Test
  void complete_emptyPrompt_chargesTheMinimumOnce() {
    failed(() -> LlmGrpc.newBlockingStub(withKey).complete(chat("", "")), "messages must hold");
    charged("llm", "summary-1", 1, REFUSED);
  }

  @Test
  void completeStreaming_emptyPrompt_chargesTheMinimumOnce() {
    failed(
        () ->
            LlmGrpc.newBlockingStub(withKey)
                .completeStreaming(chat("", ""))
                .forEachRemaining(x -> {}),
        "messages must hold");
    charged("llm", "summary-1", 1, REFUSED);
  }

  @Test
  void complete_unknownModel_isNotBilledUnderTheCallersName() {
    failed(
        () -> LlmGrpc.newBlockingStub(withKey).complete(chat("Hello.", "gpt-9")),
        "model must be one of");
    charged("llm", "unknown", 1, REFUSED);
  }

  @Test
  void synthesize_tooLong_chargesTheMinimumOnce() {
    SpeechRequest request = SpeechRequest.newBuilder().setText("x".repeat(2001)).build();
    failed(() -> TtsGrpc.newBlockingStub(withKey).synthesize(request), "text must be up to 2000");
    charged("tts", "tone-1", 1, REFUSED);
  }

  @Test
  void narrate_text_reportsItsStepsAndCosts_asOneExecution() throws WavFormatException {
    NarrationResponse narrated =
        NarratorGrpc.newBlockingStub(withKey).narrate(narration("ann", "Hello world. Hello."));
    assertThat(WavFile.parse(narrated.getWav().toByteArray()).millis())
        .isEqualTo(Math.round(narrated.getSeconds() * 1_000));
    assertThat(client.events())
        .allSatisfy(
            event -> {
              assertThat(event.execution()).isEqualTo(narrated.getExecution());
              assertThat(event.subject()).isEqualTo("ann");
            });
    assertThat(client.events().stream().map(UsageEvent::module))
        .contains("performance", "llm", "tts", "asr");
  }

  @Test
  void narrate_outOfBounds_isRefusedByField_andReportsNothing() {
    NarratorGrpc.NarratorBlockingStub narrator = NarratorGrpc.newBlockingStub(withKey);
    failed(() -> narrator.narrate(narration("", "Hello.")), "user must have 1 to 128");
    failed(() -> narrator.narrate(narration("ann", " ")), "text must have 1 to 20000");
    NarrationRequest many = narration("ann", "Hello.").toBuilder().setSentences(21).build();
    failed(() -> narrator.narrate(many), "sentences must be from 0 to 20");
    assertThat(client).hasNoEvents();
  }

  private static NarrationRequest narration(String user, String text) {
    return NarrationRequest.newBuilder().setUser(user).setText(text).build();
  }

  @Test
  void complete_withoutKey_reportsNothing() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> LlmGrpc.newBlockingStub(channel).complete(chat("Hello.", "")));
    assertThat(client).hasNoEvents();
    assertThat(tally.lines()).isEmpty();
  }

  @Test
  void complete_reportRejected_isTalliedAsRejected() {
    client.rejectReports(RejectionReason.BUFFER_FULL);
    LlmGrpc.newBlockingStub(withKey).complete(chat("Hello.", ""));
    assertThat(tally.rejected()).containsExactly(Map.entry("BUFFER_FULL ", 1L));
    assertThat(tally.lines()).isEmpty();
  }

  private void charged(String module, String model, double usage, Map<String, Object> metadata) {
    UsageEventAssert event =
        assertThat(client).singleEvent().hasKey(KEY).isOf(module, model).hasUsage(usage);
    metadata.forEach(event::hasMetadata);
    assertThat(tally.lines())
        .containsExactly(
            new UsageLine("aurora", "k_1", module, model, 1, BigDecimal.valueOf(usage)));
  }

  private static void failed(Runnable call, String message) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(call::run)
        .satisfies(
            refused -> {
              assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(refused.getStatus().getDescription()).startsWith(message);
            });
  }

  private static Map<String, Object> metadata(String a, int valueA, String b, int valueB) {
    return Map.of(a, valueA, b, valueB, "status", "OK");
  }

  private static Map<String, Object> error(String type) {
    return Map.of("status", "error", "error", type);
  }

  private static ChatRequest chat(String prompt, String model) {
    return ChatRequest.newBuilder()
        .setModel(model)
        .addMessages(ChatMessage.newBuilder().setRole("user").setContent(prompt))
        .build();
  }
}
