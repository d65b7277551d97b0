package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.cli.BillingCommandLine;
import io.billingsdk.server.BillingServer;
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
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that are slow, and streams that are idle, from another process: the health of the
 * server is answered, and so is who works.
 */
@Timeout(300)
class SlowHttpTest {
  private static final int STRANGERS = Integer.getInteger("slow.strangers", 300);
  private static final int STREAMS = Integer.getInteger("slow.streams", 150);
  private static final int PROBES = Integer.getInteger("slow.probes", 40);
  private static final int WARM = 15;
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final Pattern SAID = Pattern.compile("opened=(\\d+) ended=(\\d+) .*=(\\d+)");

  @TempDir Path directory = Path.of("");

  private @Nullable SSLContext tls;
  private HttpClient client = HttpClient.newHttpClient();
  private int port;
  private String honest = "";

  /** Times of what was answered, and how often it was not. */
  private static final class Times {
    private final List<Long> micros = new ArrayList<>();
    private int failed;

    void take(SlowWork work) throws IOException, InterruptedException {
      long began = System.nanoTime();
      boolean good = work.done();
      micros.add((System.nanoTime() - began) / 1_000);
      failed += good ? 0 : 1;
    }

    void addTo(Proof proof, String name) {
      var unused = proof.with(name + "_p50_ms", millis(50)).with(name + "_p99_ms", millis(99));
    }

    String millis(int percent) {
      List<Long> sorted = micros.stream().sorted().toList();
      long at = sorted.get((sorted.size() - 1) * percent / 100);
      return String.format(Locale.ROOT, "%.1f", at / 1_000.0);
    }
  }

  private String token(String scope) {
    StringWriter said = new StringWriter();
    int code =
        BillingCommandLine.create("billing")
            .setOut(new PrintWriter(said))
            .execute("token", "create", "--scope", scope, "--data-dir", directory.toString());
    assertThat(code).isZero();
    return said.toString().trim().split(" +", -1)[1];
  }

  @Test
  void slowConnectionsAndIdleStreams_harmNeitherHealthNorWhoWorks() throws Exception {
    try (WholeServer server = WholeServer.start(directory)) {
      port = BillingServer.httpPortIn(directory).orElseThrow();
      SSLContext trusting = OneAuthority.tls(server.authority());
      tls = trusting;
      client = HttpClient.newBuilder().sslContext(trusting).build();
      honest = token("write");
      SlowMeasured warm = new SlowMeasured();
      measure(WARM, warm);
      SlowMeasured alone = new SlowMeasured();
      measure(PROBES, alone);
      SlowMeasured under = new SlowMeasured();
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
        measure(PROBES, under);
        said = SAID.matcher(attacker.ask("enough", "opened="));
        assertThat(said.matches()).isTrue();
      }
      Proof proof =
          Size.proof("slow-http")
              .with("strangers", STRANGERS)
              .with("idle_streams", STREAMS)
              .with("opened", said.group(1))
              .with("ended", said.group(2))
              .with("streams_ended", said.group(3));
      alone.addTo(proof, "alone_");
      under.addTo(proof, "");
      proof
          .with("target", "health_p99<1000ms")
          .with("probes", PROBES)
          .with("not_served", under.failed())
          .print();
      assertThat(alone.failed() + under.failed()).isZero();
      assertThat(said.group(3)).as("idle streams that were ended").isEqualTo("0");
    }
  }

  /** What an honest caller does. */
  private static final class SlowMeasured {
    private final Times health = new Times();
    private final Times read = new Times();
    private final Times stored = new Times();

    int failed() {
      return health.failed + read.failed + stored.failed;
    }

    void addTo(Proof proof, String prefix) {
      health.addTo(proof, prefix + "health");
      read.addTo(proof, prefix + "read");
      stored.addTo(proof, prefix + "stored");
    }
  }

  /** Answers whether it was served. */
  @FunctionalInterface
  private interface SlowWork {
    boolean done() throws IOException, InterruptedException;
  }

  private void measure(int probes, SlowMeasured measured) throws Exception {
    for (int i = 0; i < probes; i++) {
      measured.health.take(this::isReady);
      measured.read.take(this::reads);
      measured.stored.take(this::stores);
    }
  }

  /** As a probe asks: on a connection of its own. */
  private boolean isReady() throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            Objects.requireNonNull(tls).getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return answer.startsWith("HTTP/1.1 200");
    }
  }

  private boolean reads() throws IOException, InterruptedException {
    return status(request("/apps").GET().build()) == 200;
  }

  private boolean stores() throws IOException, InterruptedException {
    String event = "{\"keyId\":\"k_of_nobody\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}";
    return status(request("/events").POST(BodyPublishers.ofString(event)).build()) == 201;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/api/v1" + path))
        .timeout(Duration.ofMillis(TIMEOUT_MILLIS))
        .header("Authorization", "Bearer " + honest)
        .header("Content-Type", "application/json");
  }

  private int status(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString()).statusCode();
  }
}
