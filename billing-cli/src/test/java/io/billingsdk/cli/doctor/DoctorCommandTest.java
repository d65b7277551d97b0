package io.billingsdk.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.broker.Instances;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command beside a server with its own broker and its own database. */
@Timeout(180)
class DoctorCommandTest {
  @TempDir static Path directory;

  private static BillingServer server;

  @BeforeAll
  static void serve() {
    server = new BillingServer(ServerSettings.in(directory.resolve("data")));
    server.start();
    await().atMost(Duration.ofSeconds(60)).until(server::isUp);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CommandRun doctor(String... arguments) {
    List<String> all = new ArrayList<>(List.of("doctor"));
    all.addAll(List.of("--port", String.valueOf(server.broker().port())));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(new String[0]));
  }

  private static String at(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void doctor_serverOfThisMachine_examinesBothSidesAndTakesItsInstanceAway() throws Exception {
    CommandRun run = doctor("--data-dir", at("data"), "--journal", at("none"), "--json");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    JsonNode report = JsonMapper.builder().build().readTree(run.out());
    assertThat(report.path("ok").booleanValue()).isTrue();
    assertThat(report.path("findings").findValuesAsText("check"))
        .contains("server.receipts", "database.settings", "rights.others");
    assertThat(new Instances(BillingServer.brokerDirectory(directory.resolve("data"))).all())
        .extracting(Instances.Instance::name)
        .noneMatch(name -> name.startsWith("doctor"));
  }

  @Test
  void doctor_somethingFails_saysSoByItsExitCodeAndTheFix() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "canary-wrong");
    CommandRun run =
        doctor(
            "--host",
            "localhost",
            "--ca",
            directory.resolve("data/broker/ca.pem").toString(),
            "--instance",
            "gateway-1",
            "--password-file",
            password.toString(),
            "--journal",
            at("none"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("FAIL broker.login")
        .contains("     fix: correct user, password and client id")
        .contains(" 1 failed")
        .doesNotContain("canary");
  }

  @Test
  void doctor_theServiceRuns_leavesItsConnectionAlone() throws Exception {
    Instances instances = new Instances(BillingServer.brokerDirectory(directory.resolve("data")));
    Path password = directory.resolve("gateway-2");
    Files.writeString(password, instances.passwordOf("gateway-2"));
    Path ca = directory.resolve("data/broker/ca.pem");
    Path journal = directory.resolve("journal");
    var unused =
        Billing.start(
            BillingConfig.builder()
                .host("localhost")
                .port(server.broker().port())
                .caCertificates(ca)
                .clientId("gateway-2")
                .credentials("gateway-2", Files.readString(password))
                .journalDirectory(journal)
                .build());
    try {
      await().until(() -> Files.exists(journal.resolve("slot-00")));
      CommandRun run =
          doctor(
              "--host",
              "localhost",
              "--ca",
              ca.toString(),
              "--instance",
              "gateway-2",
              "--password-file",
              password.toString(),
              "--journal",
              journal.toString());
      assertThat(run.exitCode()).as(run.out()).isZero();
      assertThat(run.out()).contains("a living process uses this journal", "--take-over");
    } finally {
      var report = Billing.close(Duration.ZERO);
      assertThat(report.lost()).isZero();
    }
  }

  @Test
  void doctor_wrongOptions_areRefusedWithTheirBounds() {
    refused("--timeout must be 1 to 600 seconds, but was 0", "--timeout", "0");
    refused("host", "--journal", at("none"));
    refused("jdbc:postgresql://", "--host", "localhost", "--database", "mysql://x");
  }

  private static void refused(String message, String... arguments) {
    CommandRun run = doctor(arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
