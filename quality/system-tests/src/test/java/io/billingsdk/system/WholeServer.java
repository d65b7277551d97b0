package io.billingsdk.system;

import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.testbed.OneAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ./billing serve} with nothing but a data directory: its own broker with TLS, its own
 * PostgreSQL. Compiled as in production, for measurements.
 */
final class WholeServer implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("broker [^ ]+:(\\d+),");
  private static final Pattern HTTP_PORT = Pattern.compile("localhost:(\\d+)/");
  private static final Pattern TOKEN = Pattern.compile("shown this once: (\\S+)");
  private static final Path LOGS = Path.of("target", "system-logs");

  private final Path directory;
  private final Child process;
  private final int brokerPort;

  private WholeServer(Path directory, Child process, int brokerPort) {
    this.directory = directory;
    this.process = process;
    this.brokerPort = brokerPort;
  }

  /** Starts one, and returns when it serves. */
  static WholeServer start(Path directory) {
    return start(directory, 0);
  }

  /** The same with its broker on a port; 0: any. */
  static WholeServer start(Path directory, int mqttPort) {
    Child process =
        java(
            "whole-server",
            ServerChild.class,
            "--data-dir=" + directory,
            "--mqtt-port=" + mqttPort,
            "--http-port=0");
    Matcher port = PORT.matcher(process.await("billing: serving"));
    if (!port.find()) {
      throw new AssertionError("no port in what it said");
    }
    return new WholeServer(directory, process, Integer.parseInt(port.group(1)));
  }

  /** A JVM with both compilers, unlike those of the tests. */
  static Child java(String name, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-Xms1g"));
    String more = System.getProperty("throughput.jvm." + name, "");
    if (!more.isEmpty()) {
      command.add(more);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return Child.start(LOGS, name, line -> {}, command);
  }

  /** An answer of its HTTP API to its first operator. */
  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http().get(path);
  }

  /** Its HTTP API, as its first operator sees it; good for many requests. */
  Http http() {
    Matcher port = HTTP_PORT.matcher(process.await("billing: HTTP on"));
    Matcher token =
        TOKEN.matcher(
            process.await(line -> line.contains("shown this once"), "a token", Child.PATIENCE));
    if (!port.find() || !token.find()) {
      throw new AssertionError("no port or no token in what it said");
    }
    return new Http(
        HttpClient.newBuilder().sslContext(OneAuthority.tls(authority())).build(),
        "https://localhost:" + port.group(1),
        token.group(1));
  }

  /** A client of its HTTP API. Thread-safe. */
  record Http(HttpClient client, String base, String token) {
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + path))
              .header("Authorization", "Bearer " + token)
              .build();
      return client.send(request, BodyHandlers.ofString());
    }

    @Override
    public String toString() {
      return base;
    }
  }

  Operator operator() {
    return new Operator(List.of("--data-dir", directory.toString()));
  }

  int brokerPort() {
    return brokerPort;
  }

  Path authority() {
    return directory.resolve("broker/ca.pem");
  }

  /** The password of an instance; it is let in a second later. */
  String passwordOf(String instance) {
    return OwnBroker.passwordOf(directory.resolve("broker"), instance);
  }

  /** As the owner of the tables. */
  Connection connect() throws SQLException, IOException {
    Path database = directory.resolve("postgresql");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + Files.readString(database.resolve("port")).trim()
            + "/postgres",
        "postgres",
        new Secrets(database.resolve("secrets")).of("owner"));
  }

  long count(String query) throws SQLException, IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Of the server's process, the broker in it included, in microseconds. */
  long cpuMicros() {
    return CpuTime.ofProcess(process.pid());
  }

  /** Of PostgreSQL, in microseconds. */
  long databaseCpuMicros() throws IOException {
    return CpuTime.ofFamily(postmaster());
  }

  private long postmaster() throws IOException {
    Path file = directory.resolve("postgresql/data/postmaster.pid");
    return Long.parseLong(Files.readAllLines(file).get(0).trim());
  }

  /** SIGKILL; its PostgreSQL goes on. */
  void kill9() {
    process.kill9();
  }

  @Override
  public void close() {
    process.stop();
  }
}
