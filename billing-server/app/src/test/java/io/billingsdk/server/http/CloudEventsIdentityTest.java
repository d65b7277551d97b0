package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Proof;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which events are one, by what their sender wrote byte for byte: two identities never are. */
@Tag("postgres")
class CloudEventsIdentityTest {
  private static final Charset LATIN = StandardCharsets.ISO_8859_1;
  private static final String JSON = "Content-Type: application/json\r\n";

  @TempDir Path directory;

  private HttpTestbed http;
  private String token;
  private String data;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin admin = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    admin.createApp("acme", "Acme");
    String keyId = admin.create("acme", KeyEntitlements.UNLIMITED, /* legacy= */ false).keyId();
    token = http.writeToken();
    data = "{\"keyId\":\"" + keyId + "\",\"module\":\"m\",\"model\":\"n\",\"usage\":1}";
  }

  @AfterEach
  void stop() {
    http.close();
  }

  /** Sends one in the binary mode; its attributes are bytes, written one for each character. */
  private RawHttp.RawResponse binary(String source, String id, String... more) {
    String headers =
        JSON
            + "ce-specversion: 1.0\r\nce-type: usage\r\nce-source: "
            + source
            + "\r\nce-id: "
            + id
            + "\r\n"
            + String.join("", more);
    return RawHttp.post(
        http, "/api/v1/events", token, headers, LATIN, data.getBytes(StandardCharsets.UTF_8));
  }

  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), LATIN);
  }

  /** Each of these is another identity, in whichever way it is written. */
  private static final List<List<String>> DISTINCT =
      List.of(
          List.of("7", "%37", "\"7\"", "\"\\7\"", "\"%37\""),
          List.of("a%20b", "a b", "\"a b\"", "\"a\\ b\""),
          List.of("a+b", "a%2Bb", "a%2bb"),
          List.of("a%252Bb", "\"a%252Bb\""),
          List.of("%C3%A9", "%c3%a9", "\"%C3%A9\""),
          List.of("e%CC%81"),
          List.of("%EF%BF%BD"),
          List.of("?"),
          List.of("%F0%9F%98%80"),
          List.of("%22q%22", "\"\\\"q\\\"\""),
          List.of("q"),
          List.of("%5C", "\"\\\\\"", "\\"),
          List.of("a%7Cb", "a|b"),
          List.of("A"),
          List.of("a"),
          List.of("%25", "\"%25\""),
          List.of("%2525"));

  /** None of these can be read in one way only. */
  private static final List<String> ILL_FORMED =
      List.of(
          "%",
          "%4",
          "%zz",
          "a%",
          "%E9",
          "%C3",
          "%C3%28",
          "%C0%AF",
          "%C1%A1",
          "%ED%A0%80",
          "%ED%A0%BD%ED%B8%80",
          "%F4%90%80%80",
          "%F5%80%80%80",
          "%00",
          "%E2%82",
          "%+1",
          "% 1",
          "\"a",
          "a\"",
          "a\"b\"",
          "\"a\"b",
          "\"a\"\"b\"",
          "\"a\\\"",
          "\"",
          "\"\"",
          "",
          "\u00e9",
          utf8("é"),
          "\u00ff",
          "a\tb",
          "%ff",
          "\"%ff\"",
          "\"\u00e9\"");

  @Test
  void identities_ofHeaders_areDecodedStrictly_orRefused() throws SQLException {
    int written = 0;
    for (List<String> forms : DISTINCT) {
      int stored = 0;
      for (String id : forms) {
        RawHttp.RawResponse answer = binary("/s", id);
        assertThat(answer.status()).as(id + ": " + answer.text()).isIn(200, 201);
        stored += answer.status() == 201 ? 1 : 0;
        written++;
      }
      assertThat(stored).as(forms.toString()).isEqualTo(1);
    }
    int refused = 0;
    for (String each : ILL_FORMED) {
      for (boolean isId : new boolean[] {true, false}) {
        RawHttp.RawResponse answer = isId ? binary("/x", each) : binary(each, "x");
        assertThat(answer.status()).as(each + ": " + answer.text()).isEqualTo(400);
        refused++;
      }
    }
    int doubled = 0;
    for (String name : List.of("ce-id", "CE-ID", "ce-source", "ce-type", "ce-time", "ce-other")) {
      RawHttp.RawResponse answer = binary("/d", "d", name + ": a\r\n", name + ": b\r\n");
      assertThat(answer.status()).as(name + ": " + answer.text()).isEqualTo(400);
      assertThat(answer.text()).contains(name.toLowerCase(java.util.Locale.ROOT));
      doubled++;
    }
    int others = otherIntakes();

    long ledger = http.world().count("SELECT count(*) FROM usage_event");
    long identities = http.world().count("SELECT count(DISTINCT idempotency_key) FROM usage_event");
    assertThat(ledger).isEqualTo(DISTINCT.size());
    Proof.of("cloudevents-identity")
        .with("identities", DISTINCT.size())
        .with("forms", written)
        .with("ill_formed", ILL_FORMED.size() * 2 + doubled + others)
        .with("refused", refused + doubled + others)
        .with("ledger", ledger)
        .with("two_as_one", DISTINCT.size() - identities)
        .with("one_as_two", ledger - DISTINCT.size())
        .print();
  }

  /** Bodies, lines, other headers, paths and parameters that no strict reader takes. */
  private int otherIntakes() {
    int refused = 0;
    for (String bytes : List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00e9", "\0")) {
      String envelope =
          "{\"specversion\":\"1.0\",\"type\":\"u\",\"source\":\"/b\",\"id\":\""
              + bytes
              + "\",\"data\":"
              + data
              + "}";
      String type = "Content-Type: " + HttpTestbed.CLOUD_EVENT + "\r\n";
      refused += refused("/api/v1/events", type, envelope, 400);
      String batch = "Content-Type: " + HttpTestbed.CLOUD_EVENTS + "\r\n";
      refused += refused("/api/v1/events/batch", batch, "[" + envelope + "]", 400);
      String plain = data.replace("\"m\"", "\"" + bytes + "\"");
      refused += refused("/api/v1/events", JSON, plain, 400);
      String lines = "Content-Type: application/x-ndjson\r\n";
      RawHttp.RawResponse answer =
          RawHttp.post(
              http, "/api/v1/events/stream", token, lines, LATIN, (plain + "\n").getBytes(LATIN));
      assertThat(answer.text()).contains("\"rejected\":1").contains("\"stored\":0");
      refused++;
      String key = JSON + "Idempotency-Key: " + bytes + "\r\n";
      refused += refused("/api/v1/events", key, data, 400);
      refused++;
      assertThat(
              RawHttp.post(http, "/api/v1/events?a=" + bytes, token, JSON, LATIN, new byte[0])
                  .status())
          .isEqualTo(400);
    }
    for (String half : List.of("\\ud800", "\\udc00", "\\ud800a", "\\udc00\\ud800", "\\u0000")) {
      String envelope =
          "{\"specversion\":\"1.0\",\"type\":\"u\",\"source\":\"/b\",\"id\":\""
              + half
              + "\",\"data\":"
              + data
              + "}";
      String type = "Content-Type: " + HttpTestbed.CLOUD_EVENT + "\r\n";
      refused += refused("/api/v1/events", type, envelope, 400);
      refused += refused("/api/v1/events", JSON, data.replace("\"m\"", "\"" + half + "\""), 400);
    }
    refused +=
        refused("/api/v1/events", JSON + "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", data, 400);
    refused += refused("/api/v1/events", JSON + "ce-id: only\r\n", data, 400);
    for (String path : List.of("%ff", "%c3", "%c0%af", "%ed%a0%80")) {
      refused += refused("/api/v1/apps/" + path + "/keys", JSON, "{}", 400);
      refused += refused("/api/v1/events?appId=" + path, JSON, data, 400);
    }
    return refused;
  }

  private int refused(String path, String headers, String body, int status) {
    RawHttp.RawResponse answer =
        RawHttp.post(http, path, token, headers, LATIN, body.getBytes(LATIN));
    assertThat(answer.status())
        .as(path + " " + headers + body + ": " + answer.text())
        .isEqualTo(status);
    return 1;
  }

  @Test
  void parameter_thatIsNoUtf8_isRefused_andAnotherIsTakenAsItIs() {
    assertThat(http.get("/api/v1/usage?appId=%ff").status()).isEqualTo(400);
    assertThat(http.get("/api/v1/usage?appId=%EF%BF%BD&bucket=all").status()).isEqualTo(200);
    assertThat(http.get("/api/v1/apps/%ff").status()).isEqualTo(400);
    assertThat(http.get("/api/v1/apps/%C3%A9").status()).isEqualTo(404);
  }
}
