package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Proof;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The command {@code send} against a running server: each line is counted once, whatever is cut.
 */
class RemoteSendTest extends RemoteCommandsFixture {
  /** The last field of the one line of sums. */
  private static BigDecimal usageOf(String module) {
    CommandRun run = server.usage("--csv", "--last", "2d", "--bucket", "all", "--module", module);
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2);
    return new BigDecimal(lines.get(1).substring(lines.get(1).lastIndexOf(',') + 1));
  }

  @Test
  void send_lines_areSeenByTailAndSummedByUsageExactly() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < 1_200; i++) {
      BigDecimal usage = BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(6));
      boolean isBad = i % 100 == 7;
      sum = isBad ? sum : sum.add(usage);
      lines.add(isBad ? "{\"module\":\"exact\"}" : event("exact", "m" + i % 3, usage));
    }
    RunningCommand tail =
        new RunningCommand(
            server.arguments("read", "tail", "--json", "--module", "exact", "--count", "1188"));
    tail.awaitErr("watching https://127.0.0.1:" + server.port());

    String path = file("exact.ndjson", lines).toString();
    CommandRun first = server.send(path, "--idempotency-key", "exact-" + seed, "--json");
    CommandRun again = server.send(path, "--idempotency-key", "exact-" + seed, "--json");

    assertThat(first.exitCode()).as("seed %d: %s", seed, first.err()).isEqualTo(1);
    assertThat(json(first.out()))
        .isEqualTo(
            json(
                "{\"lines\":1200,\"stored\":1188,\"duplicates\":0,\"conflicts\":0,\"rejected\":12,"
                    + "\"unattributed\":0}"));
    assertThat(first.err().lines()).hasSize(12);
    assertThat(first.err()).contains("line 8: KEY_MALFORMED: ", "line 1108: ");
    assertThat(json(again.out()).path("duplicates").intValue()).isEqualTo(1_188);
    assertThat(tail.awaitEnd()).as(tail.err()).isZero();
    BigDecimal seen = BigDecimal.ZERO;
    Set<String> identities = new HashSet<>();
    for (String line : tail.out().lines().toList()) {
      JsonNode item = json(line);
      identities.add(item.path("stream").asText() + item.path("seq"));
      seen = seen.add(new BigDecimal(item.path("usage").asText()));
    }
    assertThat(identities).hasSize(1_188);
    assertThat(seen).isEqualByComparingTo(sum);
    assertThat(usageOf("exact")).isEqualByComparingTo(sum);
    Proof.of("cli-usage-tail-send")
        .with("lines", 1_200)
        .with("stored", 1_188)
        .with("rejected", 12)
        .with("sent_again", 1_200)
        .with("duplicates", 1_188)
        .with("seen_by_tail", identities.size())
        .with("usage_csv", usageOf("exact").toPlainString())
        .with("difference", usageOf("exact").subtract(sum).stripTrailingZeros().toPlainString())
        .with("seed", seed)
        .print();
  }

  @Test
  void send_oneEvent_isStoredOnceByItsKey() throws Exception {
    Path apiKey = Files.writeString(directory.resolve("api-key"), server.key().text() + "\n");
    String[] event = {
      "--api-key-file",
      apiKey.toString(),
      "--module",
      "one",
      "--model",
      "m",
      "--usage",
      "12.50",
      "--metadata",
      "region=eu",
      "--idempotency-key",
      "call-4711"
    };
    CommandRun first = server.send(event);
    CommandRun again = server.send(event);

    assertThat(first.out())
        .as(first.err())
        .isEqualToIgnoringNewLines("1 stored, 0 duplicates, 0 rejected");
    assertThat(again.out()).isEqualToIgnoringNewLines("0 stored, 1 duplicates, 0 rejected");
    assertThat(again.exitCode()).isZero();
    CommandRun usage = server.usage("--module", "one", "--by", "app,metadata.region", "--csv");
    assertThat(usage.out())
        .matches("start,app,metadata.region,events,usage\r\n.*Z,acme,eu,1,12.5\r\n");
  }

  @Test
  void send_keyWithOtherContent_saysSoAndExits1() {
    List<String> event =
        List.of("--key-id", server.key().keyId(), "--module", "conflict", "--model", "m");
    CommandRun first = send(event, "--usage", "5", "--idempotency-key", "call-4712");
    CommandRun same = send(event, "--usage", "5.0", "--idempotency-key", "call-4712");
    CommandRun other = send(event, "--usage", "7", "--idempotency-key", "call-4712");

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(same.exitCode()).as(same.err()).isZero();
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).startsWith("line 1: CONFLICT: the idempotency key belongs to an event");
    assertThat(other.out())
        .isEqualToIgnoringNewLines("0 stored, 0 duplicates, 1 conflicts, 0 rejected");
  }

  @Test
  void send_rejectedEvent_saysWhyAndExits1() {
    CommandRun run =
        server.send(
            "--key-id", server.key().keyId(), "--module", "", "--model", "m", "--usage", "1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("line 1: MODULE_MALFORMED: module ");
    assertThat(run.out()).isEqualToIgnoringNewLines("0 stored, 0 duplicates, 1 rejected");
  }

  @Test
  void send_linesOfStdin_countsThemToTheLast() {
    InputStream before = System.in;
    String lines =
        event("stdin", "m", BigDecimal.ONE) + "\n\n" + event("stdin", "m", BigDecimal.TEN);
    System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    try {
      CommandRun run = server.send("-");
      assertThat(run.out()).as(run.err()).contains("2 stored");
    } finally {
      System.setIn(before);
    }
    assertThat(usageOf("stdin")).isEqualByComparingTo("11");
  }

  /** The lines are in the ledger, and who sent them was not told. */
  @Test
  void send_theAnswerIsLost_sendsAgainAndCountsOnce() throws Exception {
    InputStream before = System.in;
    PipedInputStream stdin = new PipedInputStream(1 << 20);
    System.setIn(stdin);
    try (FaultProxy proxy = FaultProxy.to(server.port())) {
      RunningCommand send =
          new RunningCommand(remote(proxy, "intake", "send", "-", "--json", "--timeout", "60"));
      try (PipedOutputStream lines = new PipedOutputStream(stdin)) {
        lines.write(lines("lost", 1));
        lines.flush();
        await().atMost(Duration.ofSeconds(60)).until(() -> eventsOf("lost") == 1);
        // Long enough to be cut before the answer is through.
        proxy.delay(Duration.ofSeconds(4));
        lines.write(lines("lost", 499));
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> eventsOf("lost") == 500);
      proxy.cut();
      proxy.pass();

      assertThat(send.awaitEnd()).as(send.err()).isZero();
      assertThat(json(send.out()))
          .isEqualTo(
              json(
                  "{\"lines\":500,\"stored\":1,\"duplicates\":499,\"conflicts\":0,\"rejected\":0,"
                      + "\"unattributed\":0}"));
      assertThat(send.err()).contains("the connection failed: ", "; trying again for 60 s");
    } finally {
      System.setIn(before);
    }
    assertThat(usageOf("lost")).isEqualByComparingTo("500");
  }

  /** It names the key under which the same event is no other one. */
  @Test
  void send_oneEventWhoseAnswerIsLost_isCountedOnceWhenSentAgainByHand() throws Exception {
    List<String> event =
        List.of(
            "--key-id", server.key().keyId(), "--module", "hand", "--model", "m", "--usage", "3");
    try (FaultProxy proxy = FaultProxy.to(server.port())) {
      List<String> arguments = new ArrayList<>(remote(proxy, "intake", "send", "--timeout", "0"));
      arguments.addAll(event);
      proxy.delay(Duration.ofSeconds(3));
      RunningCommand first = new RunningCommand(arguments);
      await().atMost(Duration.ofSeconds(60)).until(() -> eventsOf("hand") == 1);
      proxy.cut();
      assertThat(first.awaitEnd()).isEqualTo(3);
      Matcher key = Pattern.compile("--idempotency-key (\\S+):").matcher(first.err());
      assertThat(key.find()).as(first.err()).isTrue();

      List<String> again = new ArrayList<>(event);
      again.addAll(List.of("--idempotency-key", key.group(1)));
      CommandRun second = server.send(again.toArray(new String[0]));
      assertThat(second.out()).as(second.err()).startsWith("0 stored, 1 duplicates");
    }
    assertThat(usageOf("hand")).isEqualByComparingTo("3");
  }

  private static long eventsOf(String module) throws IOException {
    CommandRun run = server.usage("--json", "--bucket", "all", "--module", module);
    return json(run.out()).path("items").path(0).path("events").longValue();
  }
}
