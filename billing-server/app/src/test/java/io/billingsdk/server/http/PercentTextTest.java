package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTextTest {
  @Test
  void decoded_plainText_staysAsItIs() {
    assertThat(PercentText.decoded("a+b~ !")).contains("a+b~ !");
    assertThat(PercentText.decoded("")).contains("");
  }

  @Test
  void decoded_bytesOfUtf8_areCharacters() {
    assertThat(PercentText.decoded("%C3%a4%F0%9F%98%80")).contains("\u00e4\ud83d\ude00");
  }

  @Test
  void decoded_anEncodedPercentSign_isOne_andIsNotDecodedAgain() {
    assertThat(PercentText.decoded("%2541")).contains("%41");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "a%", "%4", "%zz", "%4g", "%g4", "%-1", "%+1", "%\u0664\u0661"})
  void decoded_aPercentSignWithoutTwoDigits_isRefused(String text) {
    assertThat(PercentText.decoded(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ff", "%C3", "%C3%28", "%ED%A0%80", "%C0%80", "%F4%90%80%80"})
  void decoded_bytesThatAreNoUtf8_areRefused(String text) {
    assertThat(PercentText.decoded(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00e4", "a\nb", "\u007f", "\u0000"})
  void decoded_whatShouldBeEncoded_isRefused(String text) {
    assertThat(PercentText.decoded(text)).isEmpty();
  }

  @Test
  void decoded_controlsThatAreEncoded_areTaken() {
    assertThat(PercentText.decoded("a%0A%7F")).contains("a\n\u007f");
  }
}
