package io.billingsdk.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Terminal SHOWN = new Terminal(true, false, true, true, 80);
  private static final String CLEAR = "\r\u001b[K";

  private final StringWriter err = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  private Progress progress(String unit, Terminal terminal) {
    return Progress.of(unit, new PrintWriter(err), terminal, nanos::get);
  }

  private void pass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void add_onATerminal_showsAmountRateAndTimeInOneLine() {
    try (Progress progress = progress("events", SHOWN)) {
      pass(61_500);
      progress.add(12_300);
    }
    assertThat(err).hasToString(CLEAR + "  12,300 events, 200 events/s, 1:01" + CLEAR);
  }

  @Test
  void at_bytesOfATotal_showsABar() {
    try (Progress progress = progress("bytes", SHOWN)) {
      pass(2_000);
      progress.at(1_000_000, 4_000_000);
      assertThat(err).hasToString(CLEAR + "  1.0 MB, 500.0 kB/s, 0:02  [#####...............] 25%");
      pass(2_000);
      progress.at(8_000_000, 4_000_000);
      assertThat(err.toString()).endsWith("[####################] 100%");
    }
  }

  @Test
  void add_moreOftenThanAnEyeSees_isNotDrawn() {
    try (Progress progress = progress("events", SHOWN)) {
      for (int i = 0; i < 1_000; i++) {
        pass(1);
        progress.add(1);
      }
    }
    assertThat(err.toString().split(CLEAR.replace("[", "\\["), -1)).hasSize(1 + 10 + 1);
  }

  @Test
  void add_shortWorkOrNoTerminal_saysNothing() {
    try (Progress progress = progress("events", SHOWN)) {
      pass(99);
      progress.add(1);
    }
    try (Progress progress = progress("events", Terminal.NONE)) {
      pass(10_000);
      progress.add(1);
    }
    assertThat(err.toString()).isEmpty();
  }
}
