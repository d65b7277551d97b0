package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that were written to by strangers, beside others; and what an operator does about it. */
@Tag("postgres")
class StreamRoutesTest {
  private static final String STREAMS = "/api/v1/streams";
  private static final String PLANTED = STREAMS + "/00000000-0000-0007-0000-000000000001";
  private static final String SENSELESS = STREAMS + "/00000000-0000-0007-0000-000000000002";
  private static final long MOST = Long.MAX_VALUE;

  @TempDir Path directory;

  private HttpTestbed http;

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory);
    LedgerRows.addTo(http.world());
    http.world()
        .execute(
            """
            INSERT INTO stream (uuid, instance, origin, highest_seq) VALUES
              ('00000000-0000-0007-0000-000000000001', 'stranger', 'v1', %1$s),
              ('00000000-0000-0007-0000-000000000002', 'stranger', 'v2', 9);
            INSERT INTO stream_gap SELECT stream_id, 4, %1$s - 1 FROM stream WHERE origin = 'v1';
            INSERT INTO stream_gap SELECT stream_id, -5, 7 FROM stream WHERE origin = 'v2';
            INSERT INTO stream_dropped SELECT stream_id, '{[1,)}', 'x' FROM stream
              WHERE instance = 'gateway-2';
            """
                .formatted(Long.toString(MOST)));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void streams_someOfWhichWerePlanted_areAllShown_eachAndOnPages() {
    Map<String, String> states = new HashMap<>();
    String next = "";
    do {
      Reply page = http.get(STREAMS + "?limit=1" + next);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      page.json()
          .path("items")
          .forEach(each -> states.put(each.path("stream").asText(), each.path("state").asText()));
      next = page.json().has("next") ? "&cursor=" + page.json().path("next").asText() : "";
    } while (!next.isEmpty());
    assertThat(states).hasSize(4);
    for (Map.Entry<String, String> each : states.entrySet()) {
      Reply one = http.get(STREAMS + "/" + each.getKey());
      assertThat(one.status()).as(one.body()).isEqualTo(200);
      assertThat(one.json().path("state").asText()).isEqualTo(each.getValue());
    }
    assertThat(http.get(SENSELESS).json().path("state").asText()).isEqualTo("unreadable");
    assertThat(http.get(SENSELESS).json().path("complete").asBoolean()).isFalse();
    JsonNode gap = http.get(PLANTED).json().path("gaps").path(0);
    assertThat(gap.path("first").asLong()).isEqualTo(4);
    assertThat(gap.path("last").asLong()).isEqualTo(MOST - 1);
  }

  @Test
  void gauges_withPlantedStreams_haveNumbers() {
    List<String> lines = new ArrayList<>();
    for (String line : http.get("/metrics").body().split("\n", -1)) {
      if (line.startsWith("billing_streams_")) {
        lines.add(line);
        assertThat(Double.parseDouble(line.split(" ", -1)[1])).as(line).isFinite();
      }
    }
    assertThat(lines).hasSize(5).contains("billing_streams_unreadable 1.0");
  }

  @Test
  void writeOff_ofAPlantedStream_closesItsGap() {
    Reply off = http.send("POST", PLANTED + "/write-off", "{\"reason\":\"an attack\"}");
    assertThat(off.status()).as(off.body()).isEqualTo(200);
    assertThat(off.json().path("numbers").asLong()).isEqualTo(MOST - 4);
    JsonNode after = http.get(PLANTED).json();
    assertThat(after.path("gaps")).isEmpty();
    assertThat(after.path("writtenOff")).hasSize(1);
    assertThat(after.path("state").asText()).isEqualTo("no-gaps");
    Reply again = http.send("POST", PLANTED + "/write-off", "{\"reason\":\"again\",\"first\":1}");
    assertThat(again.json().path("numbers").asLong()).isZero();
  }

  @Test
  void writeOff_ofWhatIsNotThereOrMakesNoSense_isRefusedWithTheField() {
    Reply none =
        http.send(
            "POST",
            STREAMS + "/" + "0".repeat(8) + "-0000-0000-0000-" + "9".repeat(12) + "/write-off",
            "{\"reason\":\"x\"}");
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.json().path("field").asText()).isEqualTo("stream");
    Reply senseless = http.send("POST", SENSELESS + "/write-off", "{\"reason\":\"x\"}");
    assertThat(senseless.status()).isEqualTo(409);
    Reply turned =
        http.send("POST", PLANTED + "/write-off", "{\"reason\":\"x\",\"first\":9,\"last\":8}");
    assertThat(turned.status()).isEqualTo(400);
    assertThat(turned.json().path("field").asText()).isEqualTo("last");
  }

  @Test
  void handOver_namesTheInstanceOfBefore() {
    Reply over =
        http.send(
            "POST", PLANTED + "/hand-over", "{\"instance\":\"gateway-9\",\"reason\":\"moved\"}");
    assertThat(over.status()).as(over.body()).isEqualTo(200);
    assertThat(over.json().path("before").asText()).isEqualTo("stranger");
    assertThat(http.get(PLANTED).json().path("instance").asText()).isEqualTo("gateway-9");
    Reply wrong =
        http.send("POST", PLANTED + "/hand-over", "{\"instance\":\"a b\",\"reason\":\"moved\"}");
    assertThat(wrong.json().path("field").asText()).isEqualTo("instance");
  }
}
