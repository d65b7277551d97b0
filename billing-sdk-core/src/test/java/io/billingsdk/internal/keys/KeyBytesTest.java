package io.billingsdk.internal.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.Bounds;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeyBytesTest {

  @Test
  void areWellFormed_everyCharacterAtEveryPlace_agreesWithTheBounds() {
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
  void areWellFormed_randomTexts_agreesWithTheBounds() {
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

  private static void agrees(String text) {
    assertThat(KeyBytes.areWellFormed(text.getBytes(UTF_8)))
        .as("'%s'", text)
        .isEqualTo(Bounds.isWellFormedKey(text));
  }
}
