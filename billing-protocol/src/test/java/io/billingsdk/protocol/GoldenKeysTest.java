package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Messages of the key feed, byte for byte, against files that are kept. {@code v2-keys-of-doubles}
 * is of servers that kept rates and limits as doubles, and never changes; {@code v2-keys} has the
 * same keys as this version writes them.
 */
final class GoldenKeysTest {
  @Test
  void decode_ofAnOlderServersKeys_isExactlyWhatItSaid() throws Exception {
    List<String> lines = lines("v2-keys-of-doubles.jsonl");
    KeyRecord first = key(lines.get(0));
    KeyRecord second = key(lines.get(1));

    assertThat(first.rate()).isEqualTo(new KeyRecord.Rate(new BigDecimal("10"), 20));
    assertThat(first.quotas())
        .containsExactly(
            quota("tokens", "1000", "12", 1_761_000_000_000L, /* overage= */ true),
            quota("audio_seconds", "0.1", "0.30000000000000004", null, /* overage= */ false));
    assertThat(second.rate())
        .isEqualTo(new KeyRecord.Rate(new BigDecimal("0.3333333333333333"), 1));
    assertThat(second.quotas())
        .containsExactly(quota("bytes", "1000000000000", "0.0000001", null, /* overage= */ false));
  }

  @Test
  void encode_ofTheSameKeys_isAsInTheFile_andReadsTheSame() throws Exception {
    List<String> older = lines("v2-keys-of-doubles.jsonl");
    List<String> now = lines("v2-keys.jsonl");
    for (int i = 0; i < older.size(); i++) {
      KeyFeedMessage read = KeyFeedMessage.decode(older.get(i).getBytes(UTF_8));

      assertThat(new String(read.encode(), UTF_8)).isEqualTo(now.get(i));
      assertThat(KeyFeedMessage.decode(now.get(i).getBytes(UTF_8))).isEqualTo(read);
    }
  }

  private static KeyRecord.Quota quota(
      String meter, String limit, String used, @Nullable Long resets, boolean overage) {
    return new KeyRecord.Quota(meter, new BigDecimal(limit), new BigDecimal(used), resets, overage);
  }

  private static KeyRecord key(String line) throws MalformedMessageException {
    return KeyFeedMessage.decode(line.getBytes(UTF_8)).keys().get(0);
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = GoldenKeysTest.class.getResourceAsStream("/wire/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8).lines().toList();
    }
  }
}
