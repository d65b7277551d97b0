package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EncodedEventTest {
  private static final long HOUR = 3_600_000;

  private static String moved(String event, long offset) throws Exception {
    return new String(EncodedEvent.moved(event.getBytes(UTF_8), offset), UTF_8);
  }

  @Test
  void moved_eventOfEitherProtocol_changesItsTimeAlone() throws Exception {
    assertThat(
            moved(
                "{\"module\":\"ü\",\"metadata\":{\"ts\":1.50,\"timestamp\":7},\"ts\":1760000000123,"
                    + "\"usage\":1.500}",
                -HOUR))
        .isEqualTo(
            "{\"module\":\"ü\",\"metadata\":{\"ts\":1.50,\"timestamp\":7},\"ts\":1759996400123,"
                + "\"usage\":1.500}");
    assertThat(moved("{\"usage\":1e3, \"timestamp\" : 1000 }", HOUR))
        .isEqualTo("{\"usage\":1e3, \"timestamp\" : 3601000 }");
  }

  @Test
  void withoutKey_says_theSameToTheLedger() throws Exception {
    String event =
        "{\"app_id\":\"acme\", \"api_key\" :"
            + " \"sk-\\\"quoted\\\"\",\"module\":\"ü\",\"model\":\"m\","
            + "\"usage\":1.500,\"timestamp\":1760000000123,\"metadata\":{\"api_key\":1}}";
    byte[] without = EncodedEvent.withoutKey(event.getBytes(UTF_8));

    assertThat(new String(without, UTF_8))
        .doesNotContain("quoted")
        .startsWith("{\"app_id\":\"acme\", \"key_sha256\":\"")
        .endsWith(event.substring(event.indexOf(",\"module\"")));
    assertThat(hash(without)).isEqualTo(hash(event.getBytes(UTF_8)));
    assertThat(EncodedEvent.withoutKey(without)).isSameAs(without);
  }

  private static ContentHash hash(byte[] event) throws Exception {
    ReceivedEvent read = ReceivedEvent.read(1, new ObjectMapper().readTree(event));
    assertThat(read).isInstanceOf(ReceivedEvent.Valid.class);
    return ((ReceivedEvent.Valid) read).hash();
  }

  @Test
  void moved_byNothing_isTheSameArray() throws Exception {
    byte[] event = "{\"ts\":1}".getBytes(UTF_8);
    assertThat(EncodedEvent.moved(event, 0)).isSameAs(event);
    assertThat(EncodedEvent.timeMillis(event)).isEqualTo(1);
  }

  @Test
  void moved_whatIsNoEvent_isRefused() {
    for (String bad :
        List.of(
            "",
            "[]",
            "{}",
            "{\"ts\":\"1\"}",
            "{\"ts\":1.5}",
            "{\"ts\":99999999999999999999999}",
            "{\"ts\":1000,\"usage\":",
            "{\"ts\":1000,\"ts\":2000}",
            "{\"ts\":1000} x")) {
      assertThatThrownBy(() -> EncodedEvent.moved(bad.getBytes(UTF_8), HOUR))
          .as(bad)
          .isInstanceOf(MalformedMessageException.class);
    }
    assertThatThrownBy(() -> EncodedEvent.moved("{\"ts\":1000}".getBytes(UTF_8), -HOUR))
        .hasMessageContaining("out of bounds");
  }
}
