package io.billingsdk.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class FaultsTest {
  private final Faults faults = new Faults();
  private final List<String> shown = new ArrayList<>();

  @Test
  void caught_oftenTheSame_isLoggedOnceWithItsStackAndShownEachTime() {
    faults.tell(shown::add);
    try (LogCapture logs = LogCapture.start()) {
      for (int i = 0; i < 5; i++) {
        faults.caught("this", new CompletionException(new NoClassDefFoundError("a/B")));
        faults.caught("this", new NoClassDefFoundError("a/C"));
      }
      assertThat(logs.text().lines().filter(line -> line.startsWith("ERROR"))).hasSize(2);
      assertThat(logs.text()).contains("at io.billingsdk.internal.FaultsTest");
    }
    assertThat(shown)
        .hasSize(10)
        .contains(
            "this failed inside: NoClassDefFoundError a/B;"
                + " a library is missing or has another version");
  }

  /** The status is printed and sent: an assertion's message may hold what it failed on. */
  @Test
  void caught_anotherError_isShownWithoutItsMessage() {
    faults.tell(shown::add);
    try (LogCapture logs = LogCapture.start()) {
      assertThat(faults.caught("this", new AssertionError("sk-canary")))
          .isEqualTo("this failed inside: java.lang.AssertionError");
      assertThat(logs.text()).contains("FaultsTest").doesNotContain("canary");
    }
    assertThat(shown).hasSize(1);
  }

  @Test
  void caught_byAStatusThatFails_doesNotThrow() {
    faults.tell(
        message -> {
          throw new OutOfMemoryError("planned");
        });
    assertThat(faults.caught("this", new LinkageError("x"))).contains("LinkageError x");
  }

  @Test
  void errorIn_aChainWithoutEnd_isNull() {
    Exception first = new Exception("first");
    Exception second = new Exception("second", first);
    first.initCause(second);
    assertThat(Faults.errorIn(first)).isNull();
  }
}
