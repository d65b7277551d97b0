package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.cli.TokenCommand;
import io.billingsdk.testbed.OneAuthority;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Connections that are slow, and streams that are idle, from another process: the health of the
 * server is answered, and so is who works.
 */
@Timeout(300)
class SlowHttpTest {
  private static final int STRANGERS = Integer.getInteger("slow.strangers", 300);
  private static final int STREAMS = Integer.getInteger("slow.streams", 150);
  private static final Duration ALONE = Duration.ofSeconds(Long.getLong("slow.alone.seconds", 2));
  private static final Duration UNDER = Duration.ofSeconds(Long.getLong("slow.under.seconds", 4));
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final Pattern SAID = Pattern.compile("opened=(\\d+) ended=(\\d+) .*=(\\d+)");

  @TempDir Path directory = Path.of("");

  private SSLContext tls;
  private HttpClient client;
  private int port;
  private String honest = "";

  /** Times of what was answered, and how often it was not. */
  private static final class Times {
    private final List<Long> micros = new ArrayList<>();
    private int failed;

    void add(long nanos, boolean good) {
      micros.add(nanos / 1_000);
      failed += good ? 0 : 1;
    }

    String millis(int percent) {
      List<Long> sorted = micros.stream().sorted().toList();
      long at = sorted.get((sorted.size() - 1) * percent / 100);
      return String.format(java.util.Locale.ROOT, "%.1f", at / 1_000.0);
    }
  }

  private String token(String scope) {
    StringWriter said = new StringWriter();
    int code =
        new CommandLine(new TokenCommand())
            .setOut(new PrintWriter(said))
            .execute("create", "--scope", scope, "--data-dir", directory.toString());
    assertThat(code).isZero();
    return said.toString().trim().split(" +", -1)[1];
  }

  @Test
  void slowConnectionsAndIdleStreams_harmNeitherHealthNorWhoWorks() throws Exception {
    try (WholeServer server = WholeServer.start(directory)) {
      port = BillingServer.httpPortIn(directory).orElseThrow();
      tls = OneAuthority.tls(server.authority());
      client = HttpClient.newBuilder().sslContext(tls).build();
      honest = token("write");
      Times healthAlone = new Times();
      Times workAlone = new Times();
      measure(ALONE, healthAlone, workAlone);
      Times health = new Times();
      Times work = new Times();
      Matcher said;
      try (Child attacker =
          WholeServer.java(
              "slow-http",
              SlowHttpChild.class,
              "port=" + port,
              "ca=" + server.authority(),
              "token=" + token("intake"),
              "strangers=" + STRANGERS,
              "streams=" + STREAMS)) {
        attacker.await("attacking");
        measure(UNDER, health, work);
        said = SAID.matcher(attacker.ask("enough", "opened="));
        assertThat(said.matches()).isTrue();
      }
      Proof proof = Size.proof("slow-http");
      proof
          .with("strangers", STRANGERS)
          .with("idle_streams", STREAMS)
          .with("opened", said.group(1))
          .with("ended", said.group(2))
          .with("streams_ended", said.group(3))
          .with("health_alone_p50_ms", healthAlone.millis(50))
          .with("health_alone_p99_ms", healthAlone.millis(99))
          .with("health_p50_ms", health.millis(50))
          .with("health_p99_ms", health.millis(99))
          .with("target", "health_p99<1000ms")
          .with("work_alone_p99_ms", workAlone.millis(99))
          .with("work_p50_ms", work.millis(50))
          .with("work_p99_ms", work.millis(99))
          .with("asked", health.micros.size() + work.micros.size())
          .with("not_served", health.failed + work.failed)
          .print();
      assertThat(health.failed + work.failed).isZero();
      assertThat(healthAlone.failed + workAlone.failed).isZero();
      assertThat(said.group(3)).as("idle streams that were ended").isEqualTo("0");
    }
  }

  private void measure(Duration time, Times health, Times work) throws Exception {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - until < 0) {
      long began = System.nanoTime();
      boolean ready = isReady();
      health.add(System.nanoTime() - began, ready);
      for (int i = 0; i < 5; i++) {
        long sent = System.nanoTime();
        boolean done = works();
        work.add(System.nanoTime() - sent, done);
      }
    }
  }

  /** As a probe asks: on a connection of its own. */
  private boolean isReady() throws IOException {
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.startsWith("HTTP/1.1 200");
    }
  }

  private boolean works() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/api/v1/events"))
            .timeout(Duration.ofMillis(TIMEOUT_MILLIS))
            .header("Authorization", "Bearer " + honest)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"keyId\":\"k_of_nobody\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}"))
            .build();
    return client.send(request, BodyHandlers.ofString()).statusCode() == 201;
  }
}
