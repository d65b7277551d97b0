package io.billingsdk.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.http.Page.Cursor;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static String encoded(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }

  @Test
  void read_whatWasMade_isThePlace() {
    String cursor = Cursor.of("apps", "a\"b", "\u00e4\u20ac");
    assertThat(Cursor.read("apps", 2, cursor)).contains(List.of("a\"b", "\u00e4\u20ac"));
  }

  @Test
  void of_anyPlace_needsNoEncodingInAQuery() {
    assertThat(Cursor.of("apps", "???>>>~~~", "\u00ff\u00fe")).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void read_theCursorOfAnotherList_isNone() {
    assertThat(Cursor.read("keys", 1, Cursor.of("apps", "a"))).isEmpty();
  }

  @Test
  void read_anotherNumberOfParts_isNone() {
    assertThat(Cursor.read("apps", 2, Cursor.of("apps", "a"))).isEmpty();
    assertThat(Cursor.read("apps", 1, Cursor.of("apps", "a", "b"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[\"apps\",1]", "[\"apps\",null]", "[\"apps\",[\"a\"]]", "{}", "\"apps\"", "[]"})
  void read_otherJson_isNone(String json) {
    assertThat(Cursor.read("apps", 1, encoded(json))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "a", "====", "WyJhcHBzIiwiYSJd!"})
  void read_whatIsNoBase64OrNoJson_isNone(String cursor) {
    assertThat(Cursor.read("apps", 1, cursor)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,true",
    "9223372036854775807,true",
    "9223372036854775808,false",
    "99999999999999999999,false",
    "-1,false",
    "'',false",
    "1e3,false"
  })
  void isNumber_ofAnEvent_isUpToTheHighestLong(String text, boolean expected) {
    assertThat(Cursor.isNumber(text)).isEqualTo(expected);
  }
}
