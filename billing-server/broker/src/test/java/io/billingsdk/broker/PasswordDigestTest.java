package io.billingsdk.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordDigestTest {
  private final PasswordDigest digest = PasswordDigest.of("pässword");

  @Test
  void matches_thePassword_inUtf8() {
    assertThat(digest.matches("pässword".getBytes(UTF_8))).isTrue();
  }

  @Test
  void matches_anotherOne_not() {
    assertThat(digest.matches("password".getBytes(UTF_8))).isFalse();
    assertThat(digest.matches("pässword ".getBytes(UTF_8))).isFalse();
    assertThat(digest.matches(new byte[0])).isFalse();
  }

  @Test
  void matches_theDigestOfTheSamePasswordElsewhere_hasASaltOfItsOwn() {
    PasswordDigest other = PasswordDigest.of("other");
    assertThat(other.matches("pässword".getBytes(UTF_8))).isFalse();
  }

  @Test
  void toString_showsNothing() {
    assertThat(digest).hasToString("PasswordDigest[hidden]");
  }
}
