package io.billingsdk.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.billingsdk.server.http.Problem.ProblemException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
  private static JsonBody body(String json) {
    return JsonBody.of(json.replace('\'', '"').getBytes(UTF_8));
  }

  private static void assertRefused(ThrowingCallable read, String field, String expected) {
    assertThatThrownBy(read)
        .asInstanceOf(type(ProblemException.class))
        .extracting(ProblemException::problem)
        .satisfies(
            problem -> {
              assertThat(problem.field()).isEqualTo(field);
              assertThat(problem.detail()).contains(expected);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "null", "{", "{} {}", "{'a':1,'a':2}", "{'a':1e}"})
  void body_thatIsNoObject_isRefused(String json) {
    assertRefused(() -> body(json), "body", "");
  }

  @Test
  void body_thatIsMalformed_isNotQuoted() {
    assertThatThrownBy(() -> body("{'apiKey':'bk_secret_4711' x}"))
        .asInstanceOf(type(ProblemException.class))
        .extracting(each -> each.problem().detail())
        .asString()
        .contains("line 1, column")
        .doesNotContain("4711");
  }

  @Test
  void text_atTheBound_isTaken_andBeyondItIsRefused() {
    assertThat(body("{'a':'xyz'}").text("a", 3)).isEqualTo("xyz");
    assertRefused(() -> body("{'a':'xyz'}").text("a", 2), "a", "a text of 1 to 2 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'a':null}", "{'a':''}", "{'a':' '}", "{'a':1}", "{'a':['x']}"})
  void text_thatMustBeThere_andIsNone_isRefused(String json) {
    assertRefused(() -> body(json).text("a", 5), "a", "a text of 1 to 5 characters");
  }

  @Test
  void optionalText_absentOrNull_isEmpty() {
    assertThat(body("{'a':null}").optionalText("a", 5)).isEmpty();
    assertThat(body("{}").optionalText("a", 5)).isEmpty();
  }

  @Test
  void text_withAnApiKeyInIt_isRefused_withoutShowingIt() {
    String key = "bk_live_kAbCdEfGhIjKl_" + "b".repeat(33) + "_0123abcd";
    assertThatThrownBy(() -> body("{'a':'" + key + "'}").text("a", 256))
        .asInstanceOf(type(ProblemException.class))
        .extracting(each -> each.problem().toString())
        .asString()
        .contains("without an API key")
        .doesNotContain("b".repeat(33));
  }

  @Test
  void whole_atBothBounds_isTaken_andBeyondIsNot() {
    assertThat(body("{'n':1}").whole("n", 1, 9)).contains(1L);
    assertThat(body("{'n':9}").whole("n", 1, 9)).contains(9L);
    assertThat(body("{}").whole("n", 1, 9)).isEmpty();
    for (String wrong : List.of("0", "10", "1.5", "'1'", "true", "99999999999999999999")) {
      assertRefused(
          () -> body("{'n':" + wrong + "}").whole("n", 1, 9), "n", "a whole number from 1 to 9");
    }
  }

  @Test
  void amount_asNumberOrText_isExact() {
    assertThat(body("{'n':0.1}").amount("n")).isEqualTo(new BigDecimal("0.1"));
    assertThat(body("{'n':'0.100000000000000001'}").amount("n"))
        .isEqualTo(new BigDecimal("0.100000000000000001"));
    for (String wrong : List.of("'1e3'", "'-1'", "''", "null", "true")) {
      assertRefused(() -> body("{'n':" + wrong + "}").amount("n"), "n", "a number");
    }
  }

  @Test
  void flag_isFalseWithoutOne_andNoText() {
    assertThat(body("{'f':true}").flag("f")).isTrue();
    assertThat(body("{}").flag("f")).isFalse();
    assertRefused(() -> body("{'f':'true'}").flag("f"), "f", "true or false");
  }

  @Test
  void time_isInUtc_andWithinTheYears() {
    assertThat(body("{'t':'2027-01-31T00:00:00Z'}").requiredTime("t"))
        .isEqualTo(Instant.parse("2027-01-31T00:00:00Z"));
    assertRefused(() -> body("{'t':'2027-01-31'}").time("t"), "t", "a time in UTC");
    assertRefused(() -> body("{'t':'1969-12-31T23:59:59Z'}").time("t"), "t", "1970 to 9999");
    assertRefused(() -> body("{}").requiredTime("t"), "t", "a time in UTC");
  }

  @Test
  void uuid_isWholeAndNoShorterOne() {
    String uuid = "00000000-0000-0000-0000-00000000000A";
    assertThat(body("{'u':'" + uuid + "'}").uuid("u"))
        .hasToString("00000000-0000-0000-0000-00000000000a");
    assertRefused(() -> body("{'u':'1-1-1-1-1'}").uuid("u"), "u", "a UUID");
    assertRefused(() -> body("{}").uuid("u"), "u", "a UUID");
  }

  @Test
  void texts_haveABoundTogether_andEachOne() {
    assertThat(body("{'l':['a','b']}").texts("l", 2, 1)).containsExactly("a", "b");
    assertThat(body("{'l':null}").texts("l", 2, 1)).isEmpty();
    assertRefused(() -> body("{'l':['a','b','c']}").texts("l", 2, 1), "l", "a list of at most 2");
    assertRefused(() -> body("{'l':'a'}").texts("l", 2, 1), "l", "a list of at most 2");
    assertRefused(() -> body("{'l':['ab']}").texts("l", 2, 1), "l", "1 to 1 characters");
  }

  @Test
  void objects_nameTheirFieldsWithTheirPlace() {
    List<JsonBody> objects = body("{'q':[{'m':'x'},{'m':1}]}").objects("q", 2);
    assertThat(objects.get(0).text("m", 5)).isEqualTo("x");
    assertRefused(() -> objects.get(1).text("m", 5), "q[1].m", "q[1].m must be");
    assertRefused(() -> body("{'q':[1]}").objects("q", 2), "q[0]", "an object");
  }

  @Test
  void object_namesItsFieldsWithItsOwn() {
    JsonBody rate = body("{'rate':{'burst':0}}").object("rate").orElseThrow();
    assertRefused(() -> rate.whole("burst", 1, 2), "rate.burst", "from 1 to 2");
    assertThat(body("{}").object("rate")).isEmpty();
  }

  @Test
  void end_aFieldThatNobodyAskedFor_isRefusedByName() {
    JsonBody body = body("{'limit':1,'limt':2}");
    assertThat(body.whole("limit", 0, 9)).contains(1L);
    assertRefused(body::end, "limt", "left out");
  }

  @Test
  void end_fieldsThatWereRead_andBeTheyNull_areFine() {
    JsonBody body = body("{'a':null,'b':1}");
    assertThat(body.has("a")).isTrue();
    assertThat(body.whole("b", 0, 9)).contains(1L);
    body.end();
    assertThat(body.has("c")).isFalse();
  }
}
