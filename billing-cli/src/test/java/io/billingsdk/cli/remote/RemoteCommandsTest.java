package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.access.Principal.Scope;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code usage}, {@code tail} and {@code send} at a whole server. */
@Tag("postgres")
@Timeout(180)
class RemoteCommandsTest {
  private static final String ESCAPE = "\u001b";

  @TempDir static Path directory;

  private static RemoteServer server;

  @BeforeAll
  static void serve() throws Exception {
    server = RemoteServer.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String event(String module, String model, BigDecimal usage) {
    return "{\"keyId\":\"%s\",\"module\":\"%s\",\"model\":\"%s\",\"usage\":\"%s\"}"
        .formatted(server.key().keyId(), module, model, usage.toPlainString());
  }

  private static Path file(String name, List<String> lines) throws IOException {
    return Files.write(directory.resolve(name), lines);
  }

  private static JsonNode json(String text) throws IOException {
    return JsonMapper.builder().build().readTree(text);
  }

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

  private CommandRun send(List<String> event, String... more) {
    List<String> all = new ArrayList<>(event);
    all.addAll(List.of(more));
    return server.send(all.toArray(String[]::new));
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

  private static byte[] lines(String module, int number) {
    String line = event(module, "m", BigDecimal.ONE) + "\n";
    return line.repeat(number).getBytes(StandardCharsets.UTF_8);
  }

  private static long eventsOf(String module) throws IOException {
    CommandRun run = server.usage("--json", "--bucket", "all", "--module", module);
    return json(run.out()).path("items").path(0).path("events").longValue();
  }

  private static List<String> remote(FaultProxy proxy, String token, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", "https://localhost:" + proxy.port()));
    all.addAll(List.of("--ca", server.ca().toString()));
    all.addAll(List.of("--token-file", server.token(token).toString()));
    return all;
  }

  @Test
  void tail_theConnectionIsCut_showsWhatCameMeanwhileAndNothingTwice() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(server.port())) {
      RunningCommand tail =
          new RunningCommand(
              remote(proxy, "read", "tail", "--module", "gap", "--json", "--count", "9"));
      tail.awaitErr("watching");
      sendThree("gap", 1);
      tail.awaitLines(3);
      proxy.cut();
      tail.awaitErr("trying again");
      sendThree("gap", 4);
      proxy.pass();
      tail.awaitLines(6);
      sendThree("gap", 7);

      assertThat(tail.awaitEnd()).as(tail.err()).isZero();
      List<Integer> seen = new ArrayList<>();
      for (String line : tail.out().lines().toList()) {
        seen.add(json(line).path("usage").asInt());
      }
      assertThat(seen).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }
  }

  private static void sendThree(String module, int first) throws IOException {
    List<String> lines =
        IntStream.range(first, first + 3)
            .mapToObj(i -> event(module, "m", BigDecimal.valueOf(i)))
            .toList();
    CommandRun run = server.send(file(module + first, lines).toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void tail_forPeople_hasColumnsAndNoEscapeInAPipe() throws Exception {
    RunningCommand tail =
        new RunningCommand(server.arguments("read", "tail", "--app", "acme", "--count", "2"));
    tail.awaitErr("watching");
    String id = server.key().keyId();
    var first =
        server.send("--key-id", id, "--module", "llm\u001b[2J", "--model", "m", "--usage", "1.5");
    var second = server.send("--key-id", id, "--module", "pipe", "--model", "m", "--usage", "10");

    assertThat(tail.awaitEnd()).as(tail.err() + first + second).isZero();
    assertThat(tail.out())
        .doesNotContain(ESCAPE)
        .matches("(?s).*Z +acme  " + id + "  pipe +m  +10\\R");
  }

  @Test
  void usage_bars_areInAPipeWithoutEscapes() {
    var unused =
        server.send(
            "--key-id", server.key().keyId(), "--module", "bars", "--model", "m", "--usage", "7");
    CommandRun run =
        server.usage("--by", "app,model", "--module", "bars", "--zone", "Asia/Kathmandu");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .doesNotContain(ESCAPE)
        .containsPattern("day +app +model +events +usage")
        .containsPattern("\\d{4}-\\d\\d-\\d\\d  acme  m +1 +7  [#\u2588]{10}")
        .containsPattern("total +1 +7");
    assertThat(server.usage("--module", "nobody").out()).startsWith("nothing was used from ");
  }

  @Test
  void usage_json_isTheAnswerOfTheApi() throws Exception {
    JsonNode answer = json(server.usage("--json", "--bucket", "hour", "--last", "90m").out());
    assertThat(answer.path("bucket").asText()).isEqualTo("hour");
    assertThat(answer.path("items").isArray()).isTrue();
  }

  @Test
  void token_thatDoesNotAllowIt_isRefusedWithWhatToDo() throws Exception {
    Path wrong = Files.writeString(directory.resolve("wrong"), "bt_canary-wrong-token");
    refused(
        CommandRun.of(server.arguments("intake", "usage").toArray(new String[0])),
        3,
        "the server refuses (403): ");
    String data = server.data().toString();
    refused(
        CommandRun.of("usage", "--data-dir", data, "--token-file", wrong.toString()),
        3,
        "the server refuses (401): ");
    refused(CommandRun.of("usage", "--data-dir", data), 2, "a token is needed: --token-file");
    Files.writeString(wrong, "canary with spaces");
    refused(
        CommandRun.of("usage", "--data-dir", data, "--token-file", wrong.toString()),
        2,
        "the token must be 1 to 1024 printable characters without spaces");
    server.tokenFile("app", Scope.READ, RemoteServer.APP);
    CommandRun own = CommandRun.of(server.arguments("app", "usage").toArray(new String[0]));
    assertThat(own.exitCode()).as(own.err()).isZero();
  }

  @Test
  void server_thatIsNotThereOrNotTrusted_isNamedWithTheFix() throws Exception {
    String token = server.token("read").toString();
    refused(
        CommandRun.of("tail", "--token-file", token, "--server", "https://localhost:1"),
        3,
        "https://localhost:1: nothing listens there; start 'billing serve'");
    String url = "https://localhost:" + server.port();
    refused(
        CommandRun.of("usage", "--token-file", token, "--server", url),
        3,
        "an authority that is not trusted; give that with --ca FILE");
    refused(
        CommandRun.of("usage", "--token-file", token, "--server", url, "--ca", token),
        3,
        "must be a PEM file with certificates");
    refused(
        CommandRun.of("usage", "--token-file", token, "--server", "https://nobody.invalid"),
        3,
        "the host nobody.invalid is not known");
    refused(
        CommandRun.of("usage", "--token-file", token, "--server", "http://localhost:8443"),
        2,
        "--server must be https://host:port, but was http://localhost:8443");
    refused(
        CommandRun.of("usage", "--token-file", token, "--server", "https://a:canary@localhost"),
        2,
        "https://***@localhost");
    refused(
        CommandRun.of("usage", "--token-file", token, "--data-dir", directory + "/none"),
        3,
        "no server has run in " + directory + "/none");
    CommandRun away =
        CommandRun.of(
            "send",
            "--token-file",
            token,
            "--server",
            "https://localhost:1",
            "--timeout",
            "1",
            "--key-id",
            "k",
            "--module",
            "m",
            "--model",
            "m",
            "--usage",
            "1");
    refused(away, 3, "0 lines have an outcome; send all again with --idempotency-key ");
    assertThat(away.err()).contains("nothing listens there").contains("trying again for 1 s");
  }

  @Test
  void options_thatMakeNoSense_areRefusedWithTheirBounds() {
    refused(server.usage("--last", "3y"), 2, "--last must be a number of minutes, hours,");
    refused(server.usage("--from", "soon"), 2, "--from must be as 2027-01-31 or");
    refused(server.usage("--by", "colour"), 2, "--by must be of app, key, module, model and");
    refused(server.usage("--bucket", "week"), 2, "--bucket must be all, hour, day or month");
    refused(server.usage("--zone", "Mars"), 2, "--zone must be a name of the IANA time zones");
    refused(server.usage("--zone", "+01:00"), 3, "the server refuses (400): zone must be");
    refused(server.usage("--json", "--csv"), 2, "mutually exclusive");
    refused(server.send(), 2, "give either FILE, or one event");
    refused(server.send("f", "--module", "m"), 2, "give either FILE, or one event");
    refused(server.send("--module", "m"), 2, "give one of --key-id, --key-sha256");
    refused(server.send(directory + "/none"), 3, "there is no such file");
    refused(server.send("f", "--idempotency-key", "a b"), 2, "1 to 200 printable characters");
    CommandRun tail =
        CommandRun.of(server.arguments("read", "tail", "--count", "0").toArray(new String[0]));
    refused(tail, 2, "--count must be a whole number from 1 to 1000000000, but was 0");
  }

  private static void refused(CommandRun run, int exitCode, String message) {
    assertThat(run.err()).as(run.toString()).contains(message).doesNotContain("\tat ", "canary");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
  }
}
