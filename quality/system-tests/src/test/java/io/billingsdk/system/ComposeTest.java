package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What packaging/compose starts, as processes of this machine instead of containers: certificates
 * and passwords by its script, Mosquitto with its configuration and the documented rights, the two
 * logins by its SQL, and the server with settings from the environment. The doctor then has nothing
 * to say.
 */
@Timeout(300)
class ComposeTest {
  @TempDir Path directory = Path.of("");

  @Test
  void parts_asComposeStartsThem_areFoundHealthy() throws Exception {
    Optional<String> why =
        Stream.of(MosquittoTestBroker.whyNotInstalled(), Postgres.whyNotInstalled())
            .flatMap(Optional::stream)
            .findFirst();
    if (why.isPresent()) {
      Proof.skipped("compose-parts", why.get());
      Assumptions.abort(why.get());
    }
    run(
        List.of(
            "env",
            "BILLING_COMPOSE_DIR=" + directory,
            Packaging.path("compose/prepare").toString(),
            "gateway-1"));
    int port = FreePort.find();
    try (Postgres postgres = Postgres.start();
        Child broker = broker(port)) {
      assertThat(broker.isAlive()).isTrue();
      logins(postgres);
      try (Child server = server(port, postgres)) {
        server.await("billing: serving");
        Child doctor = doctor(port, postgres);
        int code = doctor.awaitEnd();
        String said = Files.readString(directory.resolve("logs/doctor.out"));
        assertThat(code).as(said).isZero();
        assertThat(said).contains("0 warnings, 0 failed").contains("checks the rights when");
        server.stop();
      }
    }
    Proof.of("compose-parts").with("doctor", "ok").with("engine", "none").print();
  }

  private Path secret(String name) {
    return directory.resolve("secrets").resolve(name);
  }

  private Child broker(int port) throws IOException {
    String settings =
        Packaging.text("compose/mosquitto.conf")
            .replace("listener 8883", "listener " + port + " 127.0.0.1")
            .replace("/mosquitto/secrets", secret("broker").toString())
            .replace(
                "/mosquitto/config/acl",
                Packaging.path("../docs/brokers/mosquitto.acl").toString());
    Path file = directory.resolve("mosquitto.conf");
    // Started by root it would become a user that cannot enter this directory.
    Files.writeString(file, settings + "user root\n");
    return Child.start(
        directory.resolve("logs"),
        "mosquitto",
        line -> {},
        List.of("/usr/sbin/mosquitto", "-c", file.toString()));
  }

  private void logins(Postgres postgres) throws Exception {
    String script =
        Packaging.text("compose/init-database.sh")
            .replace("/run/secrets", directory.resolve("secrets").toString());
    Path file = directory.resolve("init-database.sh");
    Files.writeString(file, script);
    run(List.of("env", "PGHOST=127.0.0.1", "PGPORT=" + postgres.port(), "sh", file.toString()));
  }

  private Child server(int port, Postgres postgres) {
    return billing(
        "server",
        List.of(
            "BILLING_DATA_DIR=" + directory.resolve("data"),
            "BILLING_BROKER=ssl://localhost:" + port,
            "BILLING_BROKER_CA=" + secret("ca.pem"),
            "BILLING_BROKER_PASSWORD_FILE=" + secret("broker-password"),
            "BILLING_DATABASE=" + url(postgres),
            "BILLING_DATABASE_USER=billing",
            "BILLING_DATABASE_PASSWORD_FILE=" + secret("database-password"),
            "BILLING_DATABASE_OWNER=billing_owner",
            "BILLING_DATABASE_OWNER_PASSWORD_FILE=" + secret("database-owner-password"),
            "BILLING_HTTP_PORT=0"),
        "serve");
  }

  private Child doctor(int port, Postgres postgres) {
    return billing(
        "doctor",
        List.of(),
        "doctor",
        "--host",
        "localhost",
        "--port",
        String.valueOf(port),
        "--ca",
        secret("ca.pem").toString(),
        "--instance",
        "gateway-1",
        "--password-file",
        secret("instances/gateway-1").toString(),
        "--journal",
        directory.resolve("journal").toString(),
        "--database",
        url(postgres),
        "--database-password-file",
        secret("database-password").toString());
  }

  private Child billing(String name, List<String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(environment);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.billingsdk.cli.Main");
    command.addAll(List.of(arguments));
    return Child.start(directory.resolve("logs"), name, line -> {}, command);
  }

  private static String url(Postgres postgres) {
    return "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/billing";
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
  }
}
