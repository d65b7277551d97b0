package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.ingest.CloudEventHeaders.MalformedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventHeadersTest {
  private static String id(String value) throws MalformedException {
    return CloudEventHeaders.attributes(Map.of("ce-id", List.of(value))).path("id").asText();
  }

  @Test
  void areIn_oneAttribute_isEnough_inAnyCase() {
    assertThat(CloudEventHeaders.areIn(List.of("Host", "CE-Type"))).isTrue();
    assertThat(CloudEventHeaders.areIn(List.of("Host", "X-Ce-Type", "ce"))).isFalse();
  }

  @Test
  void attributes_ofAllHeaders_areThoseOfTheEventInSmallLetters() throws MalformedException {
    assertThat(
            CloudEventHeaders.attributes(
                Map.of("CE-Source", List.of("/s"), "Host", List.of("h"), "ce-ID", List.of("1"))))
        .hasToString("{\"id\":\"1\",\"source\":\"/s\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "a,a",
    "' a ',a",
    "a%20b,'a b'",
    "'\"a b\"','a b'",
    "'\"a\\\"b\"','a\"b'",
    "'\"a\\\\b\"','a\\b'",
    "'\"%C3%A4\"',\u00e4",
    "'\"\"',''"
  })
  void attributes_quotedOrEncoded_areTheText(String value, String expected)
      throws MalformedException {
    assertThat(id(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\"a", "a\"", "a\"b\"", "\"a\"b\"", "\"a\\\"", "%zz", "\u00e4"})
  void attributes_thatCannotBeDecoded_areRefusedByName(String value) {
    assertThatThrownBy(() -> id(value))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("ce-id must be percent-encoded UTF-8");
  }

  @Test
  void attribute_givenTwice_isRefused() {
    assertThatThrownBy(() -> CloudEventHeaders.attributes(Map.of("Ce-Id", List.of("1", "2"))))
        .isInstanceOf(MalformedException.class)
        .hasMessage("ce-id must be given once");
  }
}
