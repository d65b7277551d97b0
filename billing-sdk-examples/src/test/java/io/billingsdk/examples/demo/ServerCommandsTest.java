package io.billingsdk.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ConnectionState;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.testbed.Await;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands beside a running server: the server and some commands as processes, with the logging
 * that an operator sees; the others in this JVM.
 */
@Tag("system")
@Timeout(240)
class ServerCommandsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir static Path directory;

  private static Process server;
  private static int port;

  @BeforeAll
  static void serve() throws IOException {
    server =
        process("serve", "--data-dir", data(), "--mqtt-port", "0", "--http-port", "0")
            .redirectError(directory.resolve("serve.err").toFile())
            .start();
    // Its stdout begins with this line, and has no log.
    String line = new BufferedReader(server.inputReader(UTF_8)).readLine();
    assertThat(line).startsWith("billing: serving; broker 127.0.0.1:").endsWith(data());
    port = Integer.parseInt(line.replaceAll(".*127.0.0.1:([0-9]+),.*", "$1"));
    assertThat(run("apps", "create", "acme").exitCode()).isZero();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.destroy();
    if (!server.waitFor(60, TimeUnit.SECONDS)) {
      server.destroyForcibly().waitFor();
    }
  }

  private static String data() {
    return directory.resolve("data").toString();
  }

  /** As {@code ./billing} does it: without the logging of the tests. */
  private static ProcessBuilder process(String... arguments) {
    String classPath =
        Arrays.stream(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator, -1))
            .filter(entry -> !entry.endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private static CommandRun runProcess(String... arguments)
      throws IOException, InterruptedException {
    Path err = Files.createTempFile(directory, "err", "");
    Path out = Files.createTempFile(directory, "out", "");
    Process running =
        process(arguments).redirectError(err.toFile()).redirectOutput(out.toFile()).start();
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new CommandRun(running.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** In this JVM, at the server's data. */
  private static CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data-dir", data()));
    return CommandRun.of(all.toArray(new String[0]));
  }

  private static String done(String... arguments) {
    CommandRun run = run(arguments);
    if (arguments[1].equals("create") && !arguments[0].matches("operator|token")) {
      assertThat(run.err()).as("lines to paste next").startsWith("# ");
    } else {
      assertThat(run.err()).isEmpty();
    }
    assertThat(run.exitCode()).isZero();
    return run.out().strip();
  }

  @Test
  void commands_asProcesses_printTheirOutputAndNothingElse() throws Exception {
    CommandRun created = runProcess("keys", "create", "--app", "acme", "--data-dir", data());
    assertThat(created.err())
        .startsWith("# the key is shown this once")
        .contains("billing instance create ", " --data-dir " + data())
        .doesNotContain("bk_live_");
    assertThat(created.exitCode()).isZero();
    assertThat(created.out()).matches("k[A-Za-z0-9]{12}  bk_live_[A-Za-z0-9_]+\\R");

    CommandRun none = runProcess("streams", "--data-dir", directory.resolve("none").toString());
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).startsWith("billing: there is no server in ").hasLineCount(1);
    assertThat(none.exitCode()).isEqualTo(3);

    CommandRun away =
        runProcess(
            "apps", "list", "--database", "jdbc:postgresql://127.0.0.1:1/x", "--data-dir", data());
    assertThat(away.out()).isEmpty();
    assertThat(away.err()).startsWith("billing: the database refused: ").hasLineCount(1);
    assertThat(away.exitCode()).isEqualTo(3);
  }

  @Test
  void create_instancesAndApps_sayOnStderrWhatToPasteNext() throws Exception {
    CommandRun instance = runProcess("instance", "create", "gateway-7", "--data-dir", data());
    assertThat(instance.exitCode()).isZero();
    assertThat(instance.out()).matches("[0-9a-f]{64}\\R");
    assertThat(instance.err().lines())
        .containsExactly(
            "# for the service; its client id is the user name, so one process at a time",
            "export BILLING_HOST=localhost",
            "export BILLING_PORT=" + port,
            "export BILLING_USERNAME=gateway-7",
            "export BILLING_PASSWORD='(what stdout has)'",
            "export BILLING_CA_CERTIFICATES=" + data() + "/broker/ca.pem");

    CommandRun python = run("instance", "create", "python-7", "--v1");
    assertThat(python.err()).contains("Python", "BILLING_USERNAME=python-7");
    assertThat(done("instance", "list")).containsPattern("python-7  since \\S+  v1");
    assertThat(done("instance", "create", "python-7", "--v1")).isEqualTo(python.out().strip());
    refused(3, "python-7 is one of protocol v1", "instance", "create", "python-7");

    CommandRun app = run("apps", "create", "it's");
    assertThat(app.out()).isEmpty();
    assertThat(app.err().lines())
        .containsExactly(
            "# next, a key for it", "billing keys create --app 'it'\\''s' --data-dir " + data());
  }

  /** The settings that the command prints are enough, as the README has it. */
  @Test
  void instance_withThePrintedSettingsAlone_connects() {
    String password = done("instance", "create", "gateway-8");
    BillingConfig config =
        BillingConfig.builder()
            .host("localhost")
            .port(port)
            .caCertificates(directory.resolve("data/broker/ca.pem"))
            .credentials("gateway-8", password)
            .journalInMemory(1 << 20)
            .build();
    try (BillingClient client = Billing.start(config)) {
      awaitState(client, ConnectionState.CONNECTED);
    }
  }

  @Test
  void tokens_madeByCommands_areListedWithoutTheirSecret_untilTheyAreRevoked() {
    done("operator", "create", "ann");
    String[] token = done("token", "create", "--operator", "ann", "--app", "acme").split("  ", -1);
    assertThat(token[1]).matches("bt_[A-Za-z0-9]+_[A-Za-z0-9]{33}_[0-9a-f]{8}");
    assertThat(done("token", "list"))
        .contains(token[0] + "  ann  read  app=acme  expires ")
        .doesNotContain(token[1]);
    done("token", "revoke", token[0]);
    assertThat(done("token", "list")).contains(token[0] + "  ann  read  app=acme  revoked ");
    done("operator", "disable", "ann");
    assertThat(done("operator", "list")).contains("admin  since ").contains("  disabled ");
  }

  @Test
  void commands_wrong_areRefusedInOneLineWithTheirExitCode() {
    refused(2, "--app", "keys", "create");
    refused(3, "there is no app nobody", "keys", "create", "--app", "nobody");
    refused(2, "--rate must be a number from", "keys", "create", "--app", "acme", "--rate", "many");
    refused(2, "--rate must be a number from", "keys", "create", "--app", "acme", "--rate", "-1");
    refused(2, "--quota must be METER=", "keys", "create", "--app", "acme", "--quota", "tokens");
    refused(2, "--expires must be a time", "keys", "create", "--app", "acme", "--expires", "soon");
    refused(3, "there is no key k_none", "keys", "set", "k_none", "--rate", "1");
    refused(2, "give at least one of", "keys", "set", "k_none");
    refused(3, "there is no operator nobody", "token", "create", "--operator", "nobody");
    refused(2, "--scope must be one of intake, read, write", "token", "create", "--scope", "all");
    refused(3, "scope must be read", "token", "create", "--scope", "write", "--app", "acme");
    refused(2, "--days must be a whole number from 1 to 400", "token", "create", "--days", "401");
    refused(3, "there is no token t", "token", "revoke", "t");
    refused(3, "operator must be 1 to 64", "operator", "create", "a b");
    refused(2, "give KEY_ID, or --app", "keys", "attribute", "--reason", "x");
    refused(2, "--overlap-hours must be", "keys", "rotate", "k", "--overlap-hours", "9e99");
    refused(3, "there is no instance nobody", "instance", "revoke", "nobody");
    refused(2, "jdbc:postgresql://", "apps", "list", "--database", "mysql://x");
  }

  /** Also in the commands of the sources, of which the demo is one. */
  @Test
  void values_thatBeginWithAtOrMinus_areKeptAsTheyAre() throws IOException {
    Path file = Files.writeString(directory.resolve("ticket"), "content-of-a-file");
    String key = done("keys", "create", "--app", "acme").split(" ", -1)[0];
    done("keys", "block", key, "--reason", "@" + file);
    assertThat(done("keys", "list")).contains("(@" + file + ")").doesNotContain("content-of");
    done("keys", "unblock", key);
    done("keys", "block", key, "--reason=-hold");
    assertThat(done("keys", "list")).contains(key + "  app=acme  blocked (-hold)");
    assertThat(CommandRun.of("demo", "--calls", "1e9").err())
        .contains("--calls must be a whole number from");
    assertThat(CommandRun.of("demo", "--input=@" + file).err()).contains("@" + file);
  }

  private static void refused(int exitCode, String message, String... arguments) {
    CommandRun run = run(arguments);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message).doesNotContain("\tat ", "Exception");
    assertThat(run.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void keys_setByCommands_reachTheDecisionOfTheSdk() {
    String[] key =
        done(
                "keys",
                "create",
                "--app",
                "acme",
                "--model",
                "gpt-4*",
                "--rate",
                "2.5",
                "--quota",
                "tokens=1000,resets=2099-01-01T00:00:00Z,overage")
            .split("  ", -1);
    BillingConfig config =
        BillingConfig.builder()
            .host("localhost")
            .port(port)
            .caCertificates(directory.resolve("data/broker/ca.pem"))
            .clientId("gateway-1")
            .credentials("gateway-1", done("instance", "create", "gateway-1"))
            .journalInMemory(1 << 20)
            .build();
    try (BillingClient client = Billing.start(config)) {
      Entitlements first = awaitTerms(client, key[1], terms -> true);
      assertThat(first.models()).containsExactly("gpt-4*");
      assertThat(first.rate()).isEqualTo(Entitlements.Rate.of(2.5, 3));
      assertThat(first.quotas())
          .containsExactly(
              Entitlements.Quota.of(
                  "tokens", 1000, 0, Instant.parse("2099-01-01T00:00:00Z"), /* overage= */ true));
      assertThat(client.check(key[1], "llama")).isInstanceOf(KeyDecision.Denied.class);

      assertThat(done("keys", "set", key[0], "--rate", "none", "--model", "*")).isEmpty();
      Entitlements changed = awaitTerms(client, key[1], terms -> terms.rate() == null);
      assertThat(changed.models()).isEmpty();
      assertThat(changed.quotas()).isEqualTo(first.quotas());
      assertThat(done("keys", "list"))
          .contains(key[0], "quota=tokens=1000,overage")
          .doesNotContain(key[1], "used");

      String[] next = done("keys", "rotate", key[0], "--overlap-hours", "1").split("  ", -1);
      assertThat(awaitTerms(client, next[1], terms -> true).quotas()).isEqualTo(first.quotas());
      assertThat(done("keys", "list")).contains("  successor=" + next[0]);
      assertThat(awaitTerms(client, key[1], terms -> terms.expiresAt() != null)).isNotNull();

      assertThat(done("instance", "list")).contains("gateway-1  since ");
      assertThat(done("instance", "revoke", "gateway-1")).isEmpty();
      awaitState(client, ConnectionState.UNAUTHORIZED);
      assertThat(done("instance", "list")).doesNotContain("gateway-1");
    }
  }

  private static Entitlements awaitTerms(
      BillingClient client, String key, Predicate<Entitlements> condition) {
    List<Entitlements> told = new ArrayList<>();
    Await.until(
        PATIENCE,
        () -> {
          if (client.check(key) instanceof Allowed allowed
              && condition.test(allowed.entitlements())) {
            told.add(allowed.entitlements());
          }
          return !told.isEmpty();
        });
    return told.get(0);
  }

  private static void awaitState(BillingClient client, ConnectionState state) {
    Await.until(PATIENCE, () -> client.status().state() == state);
  }
}
