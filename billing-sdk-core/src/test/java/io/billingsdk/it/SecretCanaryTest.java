package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.Credentials;
import io.billingsdk.KeyDecision;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.WireSpy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys and passwords are used in every way there is, with all logs at TRACE, and then looked for.
 */
@Tag("broker")
final class SecretCanaryTest {
  private static final String KEY = "sk-CANARY-allowed-7f3a9c";
  private static final String BLOCKED = "sk-CANARY-blocked-51e02b";
  private static final String UNKNOWN = "sk-CANARY-unknown-99d1ab";
  private static final String PASSWORD = "CANARY-password-0c4e";

  @TempDir Path directory;
  private final Queue<String> seen = new ConcurrentLinkedQueue<>();

  @Test
  void everything_withCanaries_showsNoneInLogsExceptionsOrTexts() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory)) {
      broker.start();
      try (WireSpy system =
              WireSpy.on(broker, Role.SYSTEM, "billing/report", "billing/keys/request");
          LogCapture log = LogCapture.start()) {
        useEverything(broker, system);
        refuseEverything(broker);
        String logged = log.text();

        assertThat(logged).contains("io.billingsdk.Connection").contains("TRACE");
        assertThat(seen).noneMatch(text -> text.contains("CANARY"));
        long lines = logged.lines().count();
        long leaks = logged.lines().filter(line -> line.contains("CANARY")).count();
        Proof.of("secret-canary")
            .with("log_lines_at_trace", lines)
            .with("texts", seen.size())
            .with("leaks", leaks)
            .print();
        assertThat(logged.lines()).noneMatch(line -> line.contains("CANARY"));
      }
    }
  }

  private void useEverything(EmbeddedTestBroker broker, WireSpy system) throws Exception {
    Credentials credentials = new Credentials(Role.SDK.user(), Role.SDK.password());
    BillingConfig config = Clients.config(broker).credentials(() -> credentials).build();
    try (DefaultBillingClient client = DefaultBillingClient.create(config)) {
      client.addListener(new CanaryRecorder());
      client.start();
      system.await(
          messages -> messages.stream().anyMatch(m -> m.topic().equals("billing/keys/request")),
          Clients.PATIENCE);
      publish(system, "{\"updates\":[{\"app_id\":1,\"api_key\":\"" + KEY + "\"}]}");
      publish(system, "{\"updates\":[{\"api_key\":\"" + KEY + "\" broken");
      publish(
          system,
          "{\"updates\":[{\"app_id\":\"a\",\"api_key\":\"%s\",\"status\":\"ok\"},{\"app_id\":\"b\",\"api_key\":\"%s\",\"status\":\"blocked\",\"reason\":\"unpaid\"}]}"
              .formatted(KEY, BLOCKED));
      client.awaitReady(Clients.PATIENCE);
      Clients.await(client, status -> status.keys().known() == 2);
      for (String key :
          List.of(KEY, BLOCKED, UNKNOWN, "sk-CANARY-" + "x".repeat(300), "CANARY ä")) {
        check(client, key);
        UsageEvent event = UsageEvent.of(key, "llm", "gpt-4", 1);
        remember(event);
        remember(client.report(event));
        remember(client.report(event.withMetadata(Map.of("a", Map.of("b", List.of("CANARY"))))));
        remember(client.report(event.withMetadata(Map.of("a", "CANARY\uD800"))));
        remember(client.report(event.withMetadata(Map.of("a", new Object()))));
      }
      client.flush(Clients.PATIENCE);
      remember(client.status());
      remember(client);
      remember(config);
    }
  }

  private void refuseEverything(EmbeddedTestBroker broker) {
    BillingConfig wrong = Clients.config(broker).credentials(Role.SDK.user(), PASSWORD).build();
    remember(wrong);
    remember(new Credentials("user", PASSWORD));
    try (DefaultBillingClient client = DefaultBillingClient.create(wrong)) {
      client.start();
      remember(Clients.await(client, s -> s.state() == ConnectionState.UNAUTHORIZED));
    }
    BillingConfig failing =
        Clients.config(broker)
            .credentials(
                () -> {
                  throw new IllegalStateException("vault refuses token CANARY-token");
                })
            .build();
    try (DefaultBillingClient client = DefaultBillingClient.create(failing)) {
      client.start();
      remember(Clients.await(client, s -> s.lastProblem() != null));
    }
    remember(
        catchThrowable(
            () -> BillingConfig.builder().credentials("user", PASSWORD + " ".repeat(70_000))));
    remember(
        catchThrowable(
            () -> BillingConfig.builder().credentials("u", PASSWORD).credentials("u", PASSWORD)));
  }

  private void check(DefaultBillingClient client, String key) {
    KeyDecision decision = client.check(key);
    remember(decision);
    if (decision instanceof KeyDecision.Allowed allowed) {
      remember(allowed.caller());
      UsageEvent event = UsageEvent.by(allowed.caller(), "llm", "gpt-4", 2);
      remember(event);
      ReportOutcome outcome = client.report(event);
      remember(outcome);
    }
  }

  private static void publish(WireSpy system, String text) {
    system.publish("billing/keys/update", text.getBytes(StandardCharsets.UTF_8));
  }

  private void remember(Object shown) {
    if (shown instanceof Throwable thrown) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      seen.add(trace.toString());
    }
    seen.add(String.valueOf(shown));
  }

  private final class CanaryRecorder implements BillingListener {
    @Override
    public void statusChanged(ClientStatus status) {
      remember(status);
    }

    @Override
    public void keyChanged(KeyChange change) {
      remember(change);
    }

    @Override
    public void eventDeadLettered(DeadLetter deadLetter) {
      remember(deadLetter);
    }
  }
}
