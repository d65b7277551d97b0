package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams of lines that pause, and streams that are cut. The times of the server are short here.
 */
@Tag("postgres")
class StreamSilenceTest {
  private static final Duration IDLE = Duration.ofMillis(600);
  private static final Duration BEAT = Duration.ofMillis(100);
  private static final Duration SILENCE = Duration.ofSeconds(3);

  @TempDir Path directory;

  private HttpTestbed http;
  private String line;
  private String token;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory, new StreamTiming(IDLE, BEAT, SILENCE));
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp("acme", "Acme");
    String keyId = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    token = http.token(Scope.INTAKE, null);
    line = "{\"keyId\":\"" + keyId + "\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}\n";
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private RawHttp begun(String... headers) {
    RawHttp raw = new RawHttp(http);
    String head =
        "POST /api/v1/events/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
            + "Content-Type: application/x-ndjson\r\n"
            + String.join("", headers)
            + "\r\n";
    raw.write(head.getBytes(StandardCharsets.US_ASCII));
    return raw;
  }

  private long stored() throws SQLException {
    return http.world().count("SELECT count(*) FROM usage_event");
  }

  /** Waits as a client does that has nothing to send: longer than an idle connection lives. */
  private static String beats(RawHttp raw, int times) {
    StringBuilder read = new StringBuilder();
    for (int i = 0; i < times; i++) {
      read.append(raw.until("{\"through\":1}\n"));
    }
    return read.toString();
  }

  @Test
  void stream_thatPausesLongerThanTheIdleTimeout_goesOn() throws Exception {
    try (RawHttp raw = begun()) {
      raw.chunk(line);
      long since = System.nanoTime();
      String head = beats(raw, 15);
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(IDLE);
      assertThat(head).contains("X-Accel-Buffering: no");
      raw.chunk(line + line);
      raw.chunk("");
      assertThat(raw.answer().text())
          .contains("\"done\":true,\"lines\":3,\"stored\":3")
          .doesNotContain("\"done\":false");
      assertThat(stored()).isEqualTo(3);
    }
  }

  @Test
  void line_thatHasCome_isStored_thoughTheNextHasBegun() throws Exception {
    try (RawHttp raw = begun()) {
      raw.chunk(line + line.substring(0, 20));
      assertThat(beats(raw, 1)).isNotEmpty();
      assertThat(stored()).isEqualTo(1);
      raw.chunk(line.substring(20));
      raw.chunk("");
      assertThat(raw.answer().text()).contains("\"stored\":2");
    }
  }

  @Test
  void stream_silentForTooLong_isEnded_andSaysSo_withWhatIsStored() throws Exception {
    try (RawHttp raw = begun()) {
      raw.chunk(line + "{\n");
      String answer = raw.answer().text();
      assertThat(answer)
          .contains("\"done\":false,\"through\":2,\"lines\":2,\"stored\":1")
          .contains("\"rejected\":1")
          .contains("/problems/stream-cut")
          .contains("no line came for 3 seconds");
    }
  }

  @Test
  void stream_whoseBodyIsBroken_saysSo_andStoresNoHalfLine() throws Exception {
    try (RawHttp raw = begun()) {
      raw.chunk(line + line);
      assertThat(raw.until("{\"through\":2}\n")).isNotEmpty();
      raw.chunk(line.substring(0, line.length() - 1));
      raw.write("this is no chunk\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.answer().text())
          .contains("\"done\":false,\"through\":2,\"lines\":2,\"stored\":2")
          .contains("/problems/stream-cut");
      assertThat(stored()).isEqualTo(2);
    }
  }

  @Test
  void stream_whenTheServerStops_saysSo() throws Exception {
    try (RawHttp raw = begun()) {
      raw.chunk(line);
      assertThat(beats(raw, 1)).isNotEmpty();
      http.stopApi();
      assertThat(raw.answer().text())
          .contains("\"done\":false,\"through\":1")
          .contains("the server stops");
    }
  }

  @Test
  void line_withoutAnEnd_isNotReadForEver() {
    try (RawHttp raw = begun()) {
      String part = "x".repeat(1 << 20);
      for (int i = 0; i < 9; i++) {
        raw.chunk(part);
      }
      String answer = raw.answer().text();
      assertThat(answer).contains("\"done\":false").contains("a line must have at most");
    }
  }

  @Test
  void stream_thatIsCompressed_isReadLineByLine() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RawHttp raw = begun("Content-Encoding: gzip\r\n");
        GZIPOutputStream gzip = new GZIPOutputStream(bytes, /* syncFlush= */ true)) {
      gzip.write(line.getBytes(StandardCharsets.UTF_8));
      gzip.flush();
      chunk(raw, bytes);
      assertThat(beats(raw, 3)).isNotEmpty();
      assertThat(stored()).isEqualTo(1);
      gzip.write((line + line).getBytes(StandardCharsets.UTF_8));
      gzip.finish();
      chunk(raw, bytes);
      raw.chunk("");
      assertThat(raw.answer().text()).contains("\"done\":true,\"lines\":3,\"stored\":3");
    }
  }

  private static void chunk(RawHttp raw, ByteArrayOutputStream bytes) {
    raw.write((Integer.toHexString(bytes.size()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    raw.write(bytes.toByteArray());
    raw.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    bytes.reset();
  }
}
