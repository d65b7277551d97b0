package io.billingsdk.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StreamListTest {
  private static final StreamState MISSING =
      new StreamState(
          new UUID(0, 1),
          "gate\u001bway",
          StreamOrigin.V2,
          10,
          4,
          1,
          "1.2.3",
          12L,
          new LossEquation(12, 10, 2, 0, 0, 0),
          List.of(new SeqRange(1, 5), new SeqRange(9, 9)),
          List.of(new SeqRange(11, 12)),
          List.of(new SeqRange(7, 7)),
          Instant.parse("2027-01-31T00:00:00Z"),
          /* readable= */ true);

  private static final StreamState SILENT =
      new StreamState(
          new UUID(0, 2),
          null,
          StreamOrigin.V1,
          3,
          3,
          0,
          null,
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          Instant.EPOCH,
          /* readable= */ true);

  @Test
  void list_hasAHeader_andRangesAsRanges() {
    StringWriter out = new StringWriter();
    StreamList.print(List.of(MISSING, SILENT), new PrintWriter(out, true), Terminal.NONE);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(0)).startsWith("stream").contains("instance", "state", "missing");
    assertThat(lines.get(1))
        .contains("gate\\u001bway", "incomplete", "1-5, 9", "11-12")
        .doesNotContain("[");
    assertThat(lines.get(2)).contains(" no-gaps ");
  }

  @Test
  void ranges_thatAreMany_areCounted() {
    List<SeqRange> many =
        LongStream.range(1, 40).mapToObj(each -> new SeqRange(2 * each, 2 * each)).toList();
    assertThat(StreamList.ranges(many)).isEqualTo("2, 4, 6, 8, 10, 12, 14, 16, and 31 ranges more");
  }

  @Test
  void json_hasAllOfIt() throws Exception {
    StringWriter out = new StringWriter();
    StreamList.printJson(List.of(MISSING, SILENT), new PrintWriter(out, true));
    JsonNode items = new ObjectMapper().readTree(out.toString()).path("items");
    assertThat(items.at("/0/gaps").toString())
        .isEqualTo("[{\"first\":1,\"last\":5},{\"first\":9,\"last\":9}]");
    assertThat(items.at("/0/loss/pending").longValue()).isEqualTo(2);
    assertThat(items.at("/0/state").asText()).isEqualTo("incomplete");
    assertThat(items.at("/1").has("loss")).isFalse();
  }
}
