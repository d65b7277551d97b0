package io.billingsdk.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.LogCapture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MessageLogTest {
  private static final String NAME = "io.billingsdk.message-log-test";

  private long nanos = -7;
  private final MessageLog log = new MessageLog(LoggerFactory.getLogger(NAME), () -> nanos);

  @Test
  void warn_tenThousandInAMinute_isOneLine_andTheNextSaysHowManyMore() {
    try (LogCapture captured = LogCapture.start()) {
      for (int i = 0; i < 10_000; i++) {
        log.warn("message {} is ignored", i);
      }
      log.error("another of {}", "another kind");
      assertThat(lines(captured)).hasSize(2);
      nanos += Duration.ofMinutes(1).toNanos();
      log.warn("message {} is ignored", 10_000);
      assertThat(lines(captured))
          .hasSize(3)
          .last()
          .asString()
          .contains("message 10000 is ignored (… and 9999 more until now)");
    }
  }

  private static List<String> lines(LogCapture captured) {
    return captured.text().lines().filter(line -> line.contains("| " + NAME + " |")).toList();
  }
}
