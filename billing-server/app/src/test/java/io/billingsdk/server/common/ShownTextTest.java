package io.billingsdk.server.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others wrote, as it is shown. */
class ShownTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acme|acme",
        "Größe 漢字|Größe 漢字",
        "😀|😀",
        "a\\b|a\\b",
      })
  void text_thatIsPlain_staysAsItIs(String text, String shown) {
    assertThat(ShownText.of(text)).isEqualTo(shown);
  }

  @Test
  void text_thatIsObeyedOrNotSeen_isEscaped() {
    assertThat(ShownText.of("a\nb\u001b[2J\u202ec\u200bd\u00a0e\u3164f\ud800"))
        .isEqualTo("a\\u000ab\\u001b[2J\\u202ec\\u200bd\\u00a0e\\u3164f\\ud800");
    assertThat(ShownText.of(new String(Character.toChars(0xe0001)))).isEqualTo("\\u{e0001}");
    assertThat(ShownText.ofName(" a b ")).isEqualTo("\\u0020a b\\u0020");
    assertThat(ShownText.ofName("  ")).isEqualTo("\\u0020\\u0020");
  }

  /** One that holds the letters of an escape is not one with the character. */
  @Test
  void texts_thatDiffer_areShownAsTwo() {
    Map<String, String> seen = new HashMap<>();
    String[] parts = {"", " ", "a", "\\", "\\u", "\\u000a", "\n", "u000a", "\u200b", "\\u200b"};
    for (String first : parts) {
      for (String second : parts) {
        String text = first + second;
        String other = seen.put(ShownText.ofName(text), text);
        assertThat(other == null ? text : other).isEqualTo(text);
      }
    }
  }

  @Test
  void eachCharacter_isShownWithoutOneThatIsHidden() {
    for (int each = 0; each <= Character.MAX_CODE_POINT; each++) {
      String shown = ShownText.of(new String(Character.toChars(each)));
      assertThat(shown.codePoints().noneMatch(ShownText::isHidden)).isTrue();
    }
  }
}
