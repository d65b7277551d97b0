package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the wire, as an independent subscriber sees it. */
@Tag("broker")
final class WireV1Test {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UPDATE =
      "{\"timestamp\":1,\"updates\":[{\"app_id\":\"app-1\",\"api_key\":\"known\",\"status\":\"ok\"},"
          + "{\"app_id\":\"app-2\",\"api_key\":\"barred\",\"status\":\"blocked\",\"reason\":\"x\"}]}";

  @TempDir Path directory;

  @Test
  void publish_everyTopic_hasExactlyTheFieldsAndTypesOfProtocolV1() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory)) {
      broker.start();
      try (WireSpy spy = WireSpy.on(broker, "billing/#");
          WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report");
          DefaultBillingClient client =
              Clients.start(
                  Clients.withCredentials(Clients.config(broker))
                      .heartbeatInterval(Duration.ofSeconds(1)))) {
        spy.await(seen -> count(seen, "billing/keys/request") == 1, Clients.PATIENCE);
        system.publish("billing/keys/update", UPDATE.getBytes(StandardCharsets.UTF_8));
        assertThat(client.awaitReady(Clients.PATIENCE)).isTrue();
        report(client);
        List<SpiedMessage> seen =
            spy.await(
                all -> count(all, "billing/report") == 4 && count(all, "billing/heartbeat") >= 2,
                Clients.PATIENCE);

        check(seen);
      }
    }
  }

  private static void report(DefaultBillingClient client) {
    Instant then = Instant.ofEpochMilli(1_760_000_000_123L);
    client.report(
        UsageEvent.of("known", "llm", "gpt-4", 150)
            .withMetadata(Map.of("prompt_tokens", 100))
            .withTime(then));
    client.report(UsageEvent.of("known", "asr", "whisper", 12.75));
    client.report(UsageEvent.of("unknown", "tts", "überstimme", 42));
    client.report(UsageEvent.of("barred", "tts", "voice", 1).withMetadata(Map.of()));
  }

  private static void check(List<SpiedMessage> seen) throws Exception {
    List<Map<String, String>> shapes = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    Set<String> topics = new TreeSet<>();
    for (SpiedMessage message : seen) {
      assertThat(message.qos()).isEqualTo(1);
      assertThat(message.retained()).isFalse();
      topics.add(message.topic());
      if (message.topic().equals("billing/report")) {
        shapes.add(shape(message));
        texts.add(message.text());
      } else if (message.topic().equals("billing/heartbeat")) {
        assertThat(shape(message)).isEqualTo(Map.of("type", "string", "timestamp", "integer"));
        assertThat(message.text()).contains("\"heartbeat\"");
      } else if (message.topic().equals("billing/keys/request")) {
        assertThat(shape(message)).isEqualTo(Map.of("timestamp", "integer"));
      } else {
        assertThat(message.topic()).isEqualTo("billing/keys/update");
      }
    }
    assertThat(shapes).containsExactlyElementsOf(expectedShapes());
    assertThat(texts.get(0)).contains("\"timestamp\":1760000000123").contains("\"usage\":150,");
    assertThat(texts.get(2)).contains("überstimme");
    Proof.of("wire-v1")
        .with("reports", texts.size())
        .with("topics", topics.size())
        .with("python_peer", pythonPeerReads(texts))
        .print();
  }

  private static List<Map<String, String>> expectedShapes() {
    Map<String, String> anonymous =
        new TreeMap<>(
            Map.of(
                "stream", "string",
                "seq", "integer",
                "api_key", "string",
                "module", "string",
                "model", "string",
                "usage", "integer",
                "timestamp", "integer"));
    Map<String, String> known = new TreeMap<>(anonymous);
    known.put("app_id", "string");
    Map<String, String> fractional = new TreeMap<>(known);
    fractional.put("usage", "fraction");
    Map<String, String> withMetadata = new TreeMap<>(known);
    withMetadata.put("metadata", "object");
    return List.of(withMetadata, fractional, anonymous, anonymous);
  }

  private static Map<String, String> shape(SpiedMessage message) throws IOException {
    Map<String, String> shape = new TreeMap<>();
    JSON.readTree(message.payload())
        .properties()
        .forEach(field -> shape.put(field.getKey(), type(field.getValue())));
    return shape;
  }

  private static String type(JsonNode value) {
    if (value.isIntegralNumber()) {
      return "integer";
    }
    return value.isNumber()
        ? "fraction"
        : value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }

  /** A peer in the Python SDK's language reads them with its own types, where Python is. */
  private static String pythonPeerReads(List<String> texts) throws Exception {
    Path script = Path.of("src/test/python/v1_peer.py").toAbsolutePath();
    Process python;
    try {
      python = new ProcessBuilder("python3", script.toString()).redirectErrorStream(true).start();
    } catch (IOException absent) {
      return "absent";
    }
    try (var input = python.outputWriter(StandardCharsets.UTF_8)) {
      input.write(String.join("\n", texts) + "\n");
    }
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(python.exitValue()).as(said).isZero();
    assertThat(Files.exists(script)).isTrue();
    return said.strip();
  }

  private static long count(List<SpiedMessage> messages, String topic) {
    return messages.stream().filter(message -> message.topic().equals(topic)).count();
  }
}
