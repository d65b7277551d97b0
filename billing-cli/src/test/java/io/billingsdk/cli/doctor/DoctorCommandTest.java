package io.billingsdk.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.broker.Instances;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command beside a server with its own broker and its own database. */
@Tag("postgres")
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
    // Without --port: it is not the one that every server has by default.
    CommandRun run =
        CommandRun.of("doctor", "--data-dir", at("data"), "--journal", at("none"), "--json");

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
  void doctor_portOfHttp_saysThatItIsNoBroker() {
    CommandRun run =
        CommandRun.of(
            "doctor",
            "--data-dir",
            at("data"),
            "--port",
            String.valueOf(server.httpPort()),
            "--journal",
            at("none"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "FAIL broker.protocol", server.httpPort() + " speaks HTTP, and is not an MQTT broker")
        .contains("take the MQTT port")
        .doesNotContain("FAIL broker.login");
  }

  @Test
  void doctor_portOfHttpOfAnotherAuthorityOrWithoutTls_saysThatItIsNoBroker() throws Exception {
    CommandRun other =
        doctorAt(server.httpPort(), CertificateAuthority.create("another").certificate());
    assertThat(other.out())
        .contains("speaks HTTP, and is not an MQTT broker")
        .doesNotContain("broker.tls");
    HttpServer plain = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    plain.start();
    try {
      CommandRun run =
          doctorAt(plain.getAddress().getPort(), CertificateAuthority.create("none").certificate());
      assertThat(run.out()).contains("speaks HTTP without TLS, and is not an MQTT broker");
    } finally {
      plain.stop(0);
    }
  }

  private static CommandRun doctorAt(int port, X509Certificate ca) throws Exception {
    Path pem = directory.resolve("other-" + port + ".pem");
    String text = Base64.getMimeEncoder().encodeToString(ca.getEncoded());
    Files.writeString(
        pem, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    Path password = Files.writeString(directory.resolve("any-password"), "secret");
    return CommandRun.of(
        "doctor",
        "--host",
        "localhost",
        "--port",
        String.valueOf(port),
        "--ca",
        pem.toString(),
        "--instance",
        "x",
        "--password-file",
        password.toString(),
        "--journal",
        at("none"));
  }

  @Test
  void doctor_wrongOptions_areRefusedWithTheirBounds() {
    refused("--timeout must be a whole number from 1 to 600, but was 0", "--timeout", "0");
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
