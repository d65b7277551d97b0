package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.testbed.FaultProxy;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code usage}, {@code tail} and {@code send} at a whole server. */
class RemoteCommandsTest extends RemoteCommandsFixture {
  private static final String ESCAPE = "\u001b";

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
    assertThat(server.usage("--module", "nobody").out()).startsWith("no usage from ");
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
