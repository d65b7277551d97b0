package io.billingsdk.internal.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.wire.Bounds;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeyBytesTest {

  @Test
  void of_everyCharacterAtEveryPlace_agreesWithTheBounds() {
    for (int length = 1; length <= 20; length++) {
      for (int at = 0; at < length; at++) {
        for (int c = 0; c < 0x180; c++) {
          StringBuilder text = new StringBuilder("k".repeat(length));
          text.setCharAt(at, (char) c);
          agrees(text.toString());
        }
      }
    }
  }

  @Test
  void of_randomTexts_agreesWithTheBounds() {
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(300);
      for (int i = 0; i < length; i++) {
        int most = random.nextInt(50) == 0 ? 0x3000 : '~' - ' ';
        text.append((char) ('!' + random.nextInt(most)));
      }
      agrees(text.toString());
    }
  }

  @Test
  void of_aWellFormedKey_isItsBytes() {
    String key = "bk_live_k7f3a_0123456789abcdef_9d2c";
    assertThat(KeyBytes.of(key)).isEqualTo(key.getBytes(US_ASCII));
  }

  private static void agrees(String text) {
    assertThat(KeyBytes.of(text) != null).as("'%s'", text).isEqualTo(Bounds.isWellFormedKey(text));
  }
}
