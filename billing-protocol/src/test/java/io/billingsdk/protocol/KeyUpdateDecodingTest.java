package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyUpdateDecodingTest {
  private static final String KEY = "sk-canary-4711";
  private static final int MUTATIONS = 20_000;

  private static KeyUpdate decode(String json) throws IOException {
    return V1Codec.decodeKeyUpdate(json.getBytes(UTF_8));
  }

  private static String entry(String extra) {
    return "{\"app_id\":\"app\",\"api_key\":\"" + KEY + "\",\"status\":\"ok\"" + extra + "}";
  }

  private static String update(String entries) {
    return "{\"timestamp\":1760000000123,\"updates\":[" + entries + "]}";
  }

  @Test
  void decode_wellFormed_hasEverything() throws IOException {
    KeyUpdate update =
        decode(
            update(
                entry("")
                    + ",{\"app_id\":\"b\",\"api_key\":\"k2\",\"status\":\"blocked\","
                    + "\"reason\":\"unpaid\"}"));
    assertThat(update)
        .isEqualTo(
            new KeyUpdate(
                1_760_000_000_123L,
                java.util.List.of(
                    new KeyUpdate.Entry("app", KEY, false, null),
                    new KeyUpdate.Entry("b", "k2", true, "unpaid")),
                0));
  }

  @Test
  void decode_unknownFields_areIgnored() throws IOException {
    assertThat(
            decode(
                    "{\"protocol\":2,\"updates\":["
                        + entry(",\"models\":[\"gpt-4*\"],\"rate\":{\"burst\":{}}")
                        + "]}")
                .entries())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"app_id\":\"a\",\"api_key\":\"k\"}",
        "{\"app_id\":\"a\",\"status\":\"ok\"}",
        "{\"api_key\":\"k\",\"status\":\"ok\"}",
        "{\"app_id\":7,\"api_key\":\"k\",\"status\":\"ok\"}",
        "{\"app_id\":\"a\",\"api_key\":null,\"status\":\"ok\"}",
        "{\"app_id\":\"a\",\"api_key\":\"k\",\"status\":true}",
        "{\"app_id\":\"a\",\"api_key\":\"\",\"status\":\"ok\"}",
        "{\"app_id\":\"a\",\"api_key\":\"a b\",\"status\":\"ok\"}",
        "{\"app_id\":\"a\",\"api_key\":\"schl\u00fcssel\",\"status\":\"ok\"}",
        "{\"app_id\":\"half \\ud83d\",\"api_key\":\"k\",\"status\":\"ok\"}",
        "null",
        "7",
        "\"text\"",
        "[]",
        "{}",
      })
  void decode_malformedEntry_isSkippedAndCounted(String malformed) throws IOException {
    KeyUpdate update = decode(update(malformed + "," + entry("")));
    assertThat(update.skipped()).isEqualTo(1);
    assertThat(update.entries()).extracting(KeyUpdate.Entry::apiKey).containsExactly(KEY);
  }

  @Test
  void decode_keyOf257Characters_isSkipped() throws IOException {
    String json = "{\"app_id\":\"a\",\"api_key\":\"" + "k".repeat(257) + "\",\"status\":\"ok\"}";
    assertThat(decode(update(json)).skipped()).isEqualTo(1);
    assertThat(decode(update(json.replace("kk\"", "k\""))).skipped()).isZero();
  }

  /** Every event of that key would have been larger than an event may be. */
  @Test
  void decode_appIdOf257Characters_isSkipped() throws IOException {
    String json = entry("").replace("\"app\"", "\"" + "a".repeat(257) + "\"");
    assertThat(decode(update(json)).skipped()).isEqualTo(1);
    assertThat(decode(update(json.replace("aa\"", "a\""))).skipped()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "'ok' | false",
        "'blocked' | true",
        "'OK' | true",
        "'suspended' | true",
        "'' | true",
      },
      delimiter = '|')
  void decode_status_onlyOkLetsIn(String status, boolean blocked) throws IOException {
    KeyUpdate update = decode(update(entry("").replace("\"ok\"", "\"" + status + "\"")));
    assertThat(update.entries().get(0).blocked()).isEqualTo(blocked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1",
        "nul",
        "{\"updates\":[}",
        "{\"updates\":[\"sk-canary-4711",
        "{\"updates\":[sk-canary-4711]}",
        "{\"updates\":\"sk-canary-4711\"}",
        "sk-canary-4711"
      })
  void decode_malformed_failsWithoutQuotingIt(String json) {
    assertThatThrownBy(() -> decode(json))
        .isInstanceOf(IOException.class)
        .satisfies(KeyUpdateDecodingTest::assertNoKeyIn);
  }

  @Test
  void decode_notUtf8_fails() {
    byte[] message = update(entry("")).getBytes(UTF_8);
    message[message.length / 2] = (byte) 0xC3;
    assertThatThrownBy(() -> V1Codec.decodeKeyUpdate(message))
        .isInstanceOf(IOException.class)
        .satisfies(KeyUpdateDecodingTest::assertNoKeyIn);
  }

  @Test
  void decode_32LevelsDeep_isReadAnd33AreNot() throws IOException {
    // The object and the list are two levels, the entry is the third.
    String deepest = entry(",\"x\":" + "[".repeat(29) + "]".repeat(29));
    assertThat(decode(update(deepest)).entries()).hasSize(1);
    assertThatThrownBy(() -> decode(update(deepest.replace("[]", "[[]]"))))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decode("[".repeat(1_000_000))).isInstanceOf(IOException.class);
  }

  @Test
  void decode_huge_isReadWhole() throws IOException {
    StringBuilder entries = new StringBuilder(entry(""));
    for (int i = 1; i < 50_000; i++) {
      entries
          .append(",{\"app_id\":\"app\",\"api_key\":\"k")
          .append(i)
          .append("\",\"status\":\"ok\"}");
    }
    assertThat(decode(update(entries.toString())).entries()).hasSize(50_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e400",
        "-1e999999999",
        "1e99999999999999999999",
        "99999999999999999999",
        "\"x\"",
        "{}",
        "null",
        "1.5"
      })
  void decode_strangeTimestamp_doesNotMatter(String timestamp) throws IOException {
    assertThat(decode(update(entry("")).replace("1760000000123", timestamp)).entries()).hasSize(1);
  }

  @Test
  void decode_duplicateFields_isRefusedSinceEitherCouldBeMeant() {
    assertThatThrownBy(() -> decode(update(entry(",\"status\":\"blocked\""))))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> decode("{\"updates\":[" + entry("") + "],\"updates\":[]}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void decode_moreAfterTheDocument_isRefused() {
    assertThatThrownBy(() -> decode(update(entry("")) + "garbage")).isInstanceOf(IOException.class);
  }

  @Test
  void decode_randomlyMutated_isAResultOrAnIoExceptionWithoutTheKey() {
    byte[] valid = update(entry(",\"reason\":\"\\u00fc\\n\"") + "," + entry("")).getBytes(UTF_8);
    int results = 0;
    for (long seed = 1; seed <= MUTATIONS; seed++) {
      byte[] mutated = mutate(valid, new Random(seed));
      try {
        results += V1Codec.decodeKeyUpdate(mutated).toString().contains(KEY) ? fails(seed) : 1;
      } catch (IOException malformed) {
        assertThat(malformed).as("seed %d", seed).satisfies(KeyUpdateDecodingTest::assertNoKeyIn);
      } catch (RuntimeException | Error wrong) {
        fail("seed " + seed + ": " + new String(mutated, UTF_8), wrong);
      }
    }
    assertThat(results).as("mutations that were still readable").isBetween(1, MUTATIONS - 1);
  }

  private static int fails(long seed) {
    return fail("seed " + seed + ": the key is printed");
  }

  private static byte[] mutate(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 1));
        default -> bytes[at] = (byte) "{}[]\",:\\0".charAt(random.nextInt(9));
      }
    }
    return bytes;
  }

  private static void assertNoKeyIn(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      assertThat(String.valueOf(cause.getMessage())).doesNotContain("canary");
    }
  }
}
