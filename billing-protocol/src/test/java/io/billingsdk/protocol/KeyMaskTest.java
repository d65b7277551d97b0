package io.billingsdk.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMaskTest {
  private static final String SECRET = "Zx81Qw72Er63Ty54Ui45Op36As27Df18G";
  private static final String KEY = "bk_live_kAbCdEfGhIjKl_" + SECRET + "_0123abcd";

  private static String percent(String text) {
    StringBuilder encoded = new StringBuilder();
    text.chars().forEach(c -> encoded.append(String.format("%%%02x", c)));
    return encoded.toString();
  }

  private static String escaped(String text) {
    StringBuilder encoded = new StringBuilder();
    text.chars().forEach(c -> encoded.append(String.format("\\u%04X", c)));
    return encoded.toString();
  }

  @Test
  void key_inAnyForm_isMasked_andWhatIsAroundItStays() {
    assertThat(KeyMask.masked("Bearer " + KEY + " was sent")).isEqualTo("Bearer *** was sent");
    assertThat(KeyMask.masked(KEY + "," + KEY)).isEqualTo("***,***");
    assertThat(KeyMask.masked("?key=" + percent(KEY) + "&a=1")).isEqualTo("?key=***&a=1");
    assertThat(KeyMask.masked(percent(KEY).replace("%", "%25"))).isEqualTo("***");
    assertThat(KeyMask.masked("bk%5Flive%5F" + KEY.substring(8))).isEqualTo("***");
    assertThat(KeyMask.masked("\"" + escaped(KEY) + "\"")).isEqualTo("\"***\"");
    assertThat(KeyMask.masked(escaped(KEY).replace("\\", "\\\\"))).isEqualTo("***");
    assertThat(KeyMask.masked("bt_tAbCdEfGhIjKl_" + SECRET + "_0123abcd")).isEqualTo("***");
  }

  @Test
  void key_inBase64_isMasked_whateverStandsBeforeIt() {
    for (String before : new String[] {"", "u", "us", "use", "user:"}) {
      String basic =
          Base64.getEncoder()
              .encodeToString((before + KEY + ":").getBytes(StandardCharsets.US_ASCII));
      assertThat(KeyMask.masked("Basic " + basic)).as(before).isEqualTo("Basic ***");
      String url =
          Base64.getUrlEncoder().encodeToString((before + KEY).getBytes(StandardCharsets.US_ASCII));
      assertThat(KeyMask.masked(url)).as(before).isEqualTo("***");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gpt-4",
        "live_stream",
        "bk_live_",
        "50% of it",
        "C:\\users",
        "%zz%2",
        "\\u12",
        "a\\",
        "bt_table",
        "%25%25",
        "aGVsbG8gd29ybGQ="
      })
  void text_withoutAKey_staysAsItIs(String text) {
    assertThat(KeyMask.masked(text)).isSameAs(text);
    assertThat(KeyMask.isIn(text)).isFalse();
  }

  /** A sender's text costs what its length costs: with its square, these would take hours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\",
        "%25",
        "25%",
        "bk_live_",
        "bt_t ",
        "bk_live_ ",
        "\\u0062",
        "%62k_",
        "Jr",
        "YmtfbGl2ZV8 ",
        "JrX2xpdmVf\\",
        "ia19saXZlX\n"
      })
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void text_ofOneThingOverAndOver_isReadInOnePass(String part) {
    String many = part.repeat(500_000 / part.length()) + KEY;
    assertThat(KeyMask.masked(many)).doesNotContain(SECRET).endsWith(KeyMask.MASK);
  }

  /** What is left out on the way to the end of a run holds no beginning of a key. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\\", "\\\\\\", "%", "%25", "%2525", "%252", "%251", "%25%", "\\u", "%25\\"})
  void key_behindEscapes_isMasked(String escapes) {
    for (String key :
        new String[] {KEY, percent(KEY), escaped(KEY), "b" + percent(KEY.substring(1))}) {
      assertThat(KeyMask.masked(escapes + key)).as(escapes).doesNotContain(SECRET).contains("***");
    }
  }

  @Test
  void document_withKeysInNamesAndValues_isMaskedAsACopy() throws Exception {
    JsonNode node =
        new ObjectMapper()
            .readTree(
                "{\"" + KEY + "\":1,\"" + KEY + "x\":{\"a\":[\"" + KEY + "\",2]},\"b\":\"c\"}");
    assertThat(KeyMask.masked(node).toString())
        .isEqualTo("{\"***\":1,\"***2\":{\"a\":[\"***\",2]},\"b\":\"c\"}");
    assertThat(node.toString()).contains(SECRET);
    JsonNode plain = new ObjectMapper().readTree("{\"a\":[1,\"b\"]}");
    assertThat(KeyMask.masked(plain)).isSameAs(plain);
  }

  @Test
  void event_withKeysWhereNoneBelongs_isCountedWithoutThem() throws Exception {
    for (boolean plain : new boolean[] {true, false}) {
      String batch =
          """
          {"stream":"%s","sent_at":1,"events":[{"seq":1,"ts":1,"key_id":"k_1","module":"%s",
           "model":"m","usage":1,"metadata":{"a":"x %s"},"idempotency_key":"%s"%s}]}
          """
              .formatted(new java.util.UUID(1, 2), KEY, KEY, KEY, plain ? "" : ",\"other\":1");
      ReceivedEvent.Valid event =
          (ReceivedEvent.Valid)
              UsageBatch.decode(batch.getBytes(StandardCharsets.UTF_8)).events().get(0);
      assertThat(event.module()).isEqualTo("***");
      assertThat(event.metadata()).isEqualTo("{\"a\":\"x ***\"}");
      assertThat(event.idempotencyKey()).isEqualTo("sha256:" + KeyRef.sha256(KEY));
    }
  }

  @Test
  void key_inThePlaceOfItsId_isRefused_andNotKept() throws Exception {
    String event =
        "{\"key_id\":\"" + KEY + "\",\"module\":\"m\",\"model\":\"m\",\"usage\":1,\"ts\":1}";
    ReceivedEvent read = ReceivedEvent.read(1, new ObjectMapper().readTree(event));
    assertThat(read)
        .isInstanceOfSatisfying(
            ReceivedEvent.Invalid.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("KEY_MALFORMED");
              assertThat(refused.json()).doesNotContain(SECRET);
            });
  }
}
