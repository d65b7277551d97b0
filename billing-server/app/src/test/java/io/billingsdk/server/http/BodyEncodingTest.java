package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are compressed or in another charset, on all routes that have one; and amounts. */
@Tag("postgres")
class BodyEncodingTest {
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String GZIP = "Content-Encoding: gzip\r\n";

  @TempDir Path directory;

  private HttpTestbed http;
  private String event;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp("acme", "Acme");
    String keyId = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    event = "{\"keyId\":\"" + keyId + "\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}";
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private RawHttp.RawResponse post(String path, String headers, byte[] body) {
    return RawHttp.post(
        http, "/api/v1" + path, http.writeToken(), headers, StandardCharsets.US_ASCII, body);
  }

  private RawHttp.RawResponse post(String path, String headers, String body) {
    return post(path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** All routes with a body: those of the document. */
  private static List<String> routes() {
    return Operation.all().stream()
        .filter(each -> !each.method().equals("GET"))
        .map(each -> each.method() + " " + each.path().replaceAll("[{][a-zA-Z_]+[}]", "1"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Encoding: br",
        "Content-Encoding: deflate",
        "Content-Encoding: gzip, gzip",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip",
        "Content-Type: application/json; charset=utf-16",
        "Content-Type: application/json;charset=\"ISO-8859-1\"",
        "Content-Type: application/json; charset=utf-8; charset=latin1",
        "Content-Type: application/json; charset=",
      })
  void body_inAnotherEncoding_isRefusedOnEachRoute(String header) {
    for (String route : routes()) {
      String[] parts = route.split(" ", -1);
      String type = header.startsWith("Content-Type") ? "" : JSON;
      try (RawHttp raw = new RawHttp(http)) {
        raw.write(
            (parts[0]
                    + " "
                    + parts[1]
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                    + http.writeToken()
                    + "\r\nContent-Length: 2\r\n"
                    + type
                    + header
                    + "\r\n\r\n{}")
                .getBytes(StandardCharsets.US_ASCII));
        RawHttp.RawResponse answer = raw.answer();
        assertThat(answer.status()).as(route + ": " + answer.text()).isEqualTo(415);
        assertThat(answer.text())
            .contains("\"field\":\"" + header.substring(0, header.indexOf(':')));
      }
    }
    assertThat(routes()).hasSizeGreaterThan(10);
  }

  @Test
  void body_thatIsCompressed_isExpanded_whereverThereIsOne() throws Exception {
    String ndjson = "Content-Type: application/x-ndjson\r\n";
    assertThat(post("/events", JSON + GZIP, gzip(event)).status()).isEqualTo(201);
    assertThat(post("/events", JSON + "Content-Encoding: X-GZIP\r\n", gzip(event)).status())
        .isEqualTo(201);
    assertThat(post("/events", JSON + "Content-Encoding: identity\r\n", event).status())
        .isEqualTo(201);
    assertThat(post("/events/batch", JSON + GZIP, gzip("{\"events\":[" + event + "]}")).text())
        .contains("\"stored\":1");
    assertThat(post("/events/stream", ndjson + GZIP, gzip(event + "\n" + event + "\n")).text())
        .contains("\"stored\":2");
    assertThat(post("/apps", JSON + GZIP, gzip("{\"appId\":\"zip\",\"name\":\"Zip\"}")).status())
        .isEqualTo(201);
    assertThat(
            post("/events", "Content-Type: application/json; charset=\"UTF-8\"\r\n", event)
                .status())
        .isEqualTo(201);
    assertThat(http.world().count("SELECT count(*) FROM rejected_event")).isZero();
  }

  @Test
  void body_thatExpandsWithoutEnd_isRefused_andOneThatIsNotCompressedToo() {
    byte[] bomb = gzip(" ".repeat(100 << 20));
    assertThat(post("/events", JSON + GZIP, bomb).status()).isEqualTo(413);
    assertThat(post("/events/batch", JSON + GZIP, bomb).status()).isEqualTo(413);
    assertThat(post("/apps", JSON + GZIP, bomb).status()).isEqualTo(413);
    assertThat(post("/events/stream", "Content-Type: application/x-ndjson\r\n" + GZIP, bomb).text())
        .contains("\"done\":false")
        .contains("a line must have at most");
    for (String path : List.of("/events", "/events/batch", "/apps")) {
      RawHttp.RawResponse answer = post(path, JSON + GZIP, event);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("not compressed with gzip");
    }
    RawHttp.RawResponse lines =
        post("/events/stream", "Content-Type: application/x-ndjson\r\n" + GZIP, event);
    // The answer to a stream begins before its body does.
    assertThat(lines.status()).isEqualTo(200);
    assertThat(lines.text()).contains("\"done\":false").contains("not compressed with gzip");
  }

  @Test
  void body_inUtf16_isRefused() {
    assertThat(post("/events", JSON, event.getBytes(StandardCharsets.UTF_16LE)).status())
        .isEqualTo(400);
    assertThat(
            post(
                    "/apps",
                    JSON,
                    "{\"appId\":\"x\",\"name\":\"x\"}".getBytes(StandardCharsets.UTF_16BE))
                .status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "1e-500, 400",
    "1e-999999999, 400",
    "1e999999999, 400",
    "1e99999999999, 400",
    "0.1234567890123456789, 400",
    "9007199254740992.5, 400",
    "0.30000000000000004, 201",
    "7.000000000000001e-05, 201",
    "'\"0.1234567890123456789\"', 400",
    "'\"0.123456789012345678\"', 201",
    "'\"0.00000000000000000000000001\"', 400",
    "'\"1.10000000000000000000\"', 201",
  })
  void usage_isBoundInItsDecimals_inAllThatIsSent(String usage, int status) throws Exception {
    String sent = event.replace("\"usage\":1", "\"usage\":" + usage);
    RawHttp.RawResponse one = post("/events", JSON, sent);
    assertThat(one.status()).as(one.text()).isEqualTo(status);
    String envelope =
        "{\"specversion\":\"1.0\",\"type\":\"u\",\"source\":\"/b\",\"id\":\"1\",\"data\":"
            + sent
            + "}";
    String type = "Content-Type: " + HttpTestbed.CLOUD_EVENT + "\r\n";
    assertThat(post("/events", type, envelope).status()).isEqualTo(status);
    String stored = status == 201 ? "\"stored\":1" : "\"stored\":0";
    assertThat(post("/events/stream", "Content-Type: application/x-ndjson\r\n", sent + "\n").text())
        .contains(stored);
    String correction =
        "{\"stream\":\"%s\",\"seq\":1,\"occurredAt\":\"2027-01-31T00:00:00Z\",\"reason\":\"r\",\"usage\":%s}"
            .formatted(new java.util.UUID(1, 2), usage);
    // One within the bounds finds no such event.
    assertThat(post("/corrections", JSON, correction).status())
        .isEqualTo(status == 201 ? 404 : 400);
    if (status == 400 && !usage.equals("1e99999999999")) {
      assertThat(new ObjectMapper().readTree(body(one)).path("detail").asText())
          .isEqualTo("usage must be a number from 0 to 2^53 with at most 18 decimals");
    }
  }

  private static String body(RawHttp.RawResponse answer) {
    return answer.text().substring(answer.text().indexOf("\r\n\r\n") + 4);
  }
}
