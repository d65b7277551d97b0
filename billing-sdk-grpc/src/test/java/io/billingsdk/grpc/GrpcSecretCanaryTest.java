package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Proof;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keys come in every way that a call can carry them, with all logs on, and are then looked for. */
final class GrpcSecretCanaryTest {
  /** These print every frame with its headers, where DEBUG is on for them: docs/grpc.md. */
  private static final Pattern FRAMES =
      Pattern.compile(
          "DEBUG \\| io\\.grpc\\.netty\\.shaded\\.io\\.grpc\\.netty\\.Netty(Client|Server)Handler"
              + " .*");

  private static final List<String> HEADERS = List.of("api-key", "apikey", "x-api-key");
  private static final List<MethodType> KINDS =
      List.of(
          MethodType.UNARY,
          MethodType.SERVER_STREAMING,
          MethodType.CLIENT_STREAMING,
          MethodType.BIDI_STREAMING);

  private final TableClient client =
      new TableClient()
          .allow("sk-CANARY-good", "app-1")
          .decide(
              "sk-CANARY-blocked",
              KeyDecision.Denied.because(DenialReason.BLOCKED).withOperatorReason("unpaid"))
          .decide("sk-CANARY-stale", KeyDecision.Denied.because(DenialReason.UNAVAILABLE));

  @Test
  void calls_withCanaries_showNoneInAnyLogOrRefusal() throws Exception {
    List<String> texts = new ArrayList<>();
    try (LogCapture log = LogCapture.start();
        NettyEcho echo = new NettyEcho(ApiKeyInterceptor.builder().client(client).build())) {
      callAll(echo, texts);
      client.breakDown();
      callAll(echo, texts);
      List<String> all = log.text().lines().toList();
      List<String> lines = all.stream().filter(line -> !FRAMES.matcher(line).matches()).toList();

      // Without them gRPC's logs would not have been looked at.
      assertThat(all).hasSizeGreaterThan(lines.size());
      long leaks = lines.stream().filter(line -> line.contains("CANARY")).count();
      Proof.of("secret-canary-grpc")
          .with("log_lines", lines.size())
          .with("frames_left_out", all.size() - lines.size())
          .with("texts", texts.size())
          .with("leaks", leaks)
          .print();
      assertThat(lines).noneMatch(line -> line.contains("CANARY"));
      assertThat(texts).isNotEmpty().noneMatch(text -> text.contains("CANARY"));
    }
  }

  private static void callAll(NettyEcho echo, List<String> texts) {
    for (MethodType kind : KINDS) {
      for (String key : List.of("good", "blocked", "stale", "unknown", "x".repeat(300))) {
        for (String header : HEADERS) {
          call(echo, kind, List.of(header, "sk-CANARY-" + key), texts);
        }
        call(echo, kind, List.of("authorization", "Bearer sk-CANARY-" + key), texts);
        call(echo, kind, List.of("api-key", "sk-CANARY-a", "api-key", "sk-CANARY-b"), texts);
      }
    }
  }

  private static void call(
      NettyEcho echo, MethodType kind, List<String> metadata, List<String> texts) {
    try {
      texts.add(echo.call(kind, metadata));
    } catch (StatusRuntimeException refused) {
      texts.add(refused + " " + refused.getTrailers());
    }
  }
}
