package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WhenFullTest {
  @Test
  void parse_itsOwnText_isTheSame() {
    for (WhenFull choice :
        List.of(WhenFull.reject(), WhenFull.dropOldest(), WhenFull.block(Duration.ofMillis(200)))) {
      assertThat(WhenFull.parse(choice.toString())).isEqualTo(choice);
    }
  }

  @Test
  void parse_anythingElse_isRefused() {
    assertThatThrownBy(() -> WhenFull.parse("drop-newest"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WhenFull.parse("2m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whenFull must be from 1ms to 1m");
  }
}
