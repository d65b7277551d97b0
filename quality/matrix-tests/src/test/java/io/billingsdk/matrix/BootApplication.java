package io.billingsdk.matrix;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An application of Spring Boot in a process of its own, with the class path of a row. */
final class BootApplication implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern GRPC =
      Pattern.compile("(?m)gRPC Server started, listening on .*\\D(\\d+)]?$");
  private static final Pattern HTTP = Pattern.compile("Tomcat started on port (\\d+)");
  private static final Pattern STARTED = Pattern.compile("Started DeskApplication in ([\\d.]+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path log;
  private final Process process;

  private BootApplication(Path log, Process process) {
    this.log = log;
    this.process = process;
  }

  /** Starts it; returns when it says that it has started. */
  static BootApplication start(Row row, Path directory, Map<String, String> environment)
      throws IOException {
    Path log = directory.resolve("application.log");
    ProcessBuilder builder =
        new ProcessBuilder(row.command("io.billingsdk.matrix.DeskApplication"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    BootApplication application = new BootApplication(log, builder.start());
    Await.until(
        PATIENCE, () -> !application.process.isAlive() || application.said(STARTED).isPresent());
    if (!application.process.isAlive()) {
      throw new IllegalStateException("the application did not start: " + application.log());
    }
    return application;
  }

  int grpcPort() {
    return Integer.parseInt(said(GRPC).orElseThrow());
  }

  String startedSeconds() {
    return said(STARTED).orElseThrow();
  }

  /** Its part of {@code /actuator/health}, with the status of the answer as {@code http}. */
  Map<String, String> health() {
    HttpResponse<String> answer = get("/actuator/health");
    Map<String, String> health = new TreeMap<>();
    health.put("http", String.valueOf(answer.statusCode()));
    try {
      JsonNode billing =
          new ObjectMapper().readTree(answer.body()).path("components").path("billing");
      health.put("status", billing.path("status").asText());
      billing
          .path("details")
          .properties()
          .forEach(f -> health.put(f.getKey(), f.getValue().asText()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return health;
  }

  void awaitConnection(String state) {
    Await.until(PATIENCE, () -> state.equals(health().get("connection")));
  }

  /** The metrics of {@code /actuator/prometheus} that are ours, each with its labels. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith("billing_"))
        .forEach(
            line -> {
              int value = line.lastIndexOf(' ');
              metrics.put(line.substring(0, value), Double.valueOf(line.substring(value + 1)));
            });
    return metrics;
  }

  /** SIGTERM, as a container is stopped; returns when the process has ended. */
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the application does not stop: " + log());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private Optional<String> said(Pattern what) {
    Matcher matcher = what.matcher(log());
    return matcher.find() ? Optional.of(requireNonNull(matcher.group(1))) : Optional.empty();
  }

  private HttpResponse<String> get(String path) {
    URI address = URI.create("http://localhost:" + said(HTTP).orElseThrow() + path);
    try {
      return http.send(
          HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
