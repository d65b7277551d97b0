package io.billingsdk.server.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.common.LimitedLog.LogKind;
import io.billingsdk.testbed.LogCapture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LimitedLogTest {
  private static final String NAME = "io.billingsdk.limited-log-test";

  private final List<Runnable> ends = new ArrayList<>();
  private final LimitedLog log =
      new LimitedLog(LoggerFactory.getLogger(NAME), (seconds, task) -> ends.add(task));

  private static List<String> lines(LogCapture captured) {
    return captured.text().lines().filter(line -> line.contains("| " + NAME + " |")).toList();
  }

  @Test
  void warn_tenThousandOfAKind_saysAFewAndHowManyMore_andHidesNoOtherKind() {
    int few = LimitedLog.MOST_LINES;
    long before = LogKind.MALFORMED_USAGE.leftOut();
    try (LogCapture captured = LogCapture.start()) {
      for (int i = 0; i < 10_000; i++) {
        log.warn(LogKind.MALFORMED_USAGE, "message {}", i);
      }
      log.error(LogKind.DEFECT, "another");
      assertThat(lines(captured)).hasSize(few + 1).last().asString().contains("another");
      assertThat(LogKind.MALFORMED_USAGE.leftOut() - before).isEqualTo(10_000 - few);

      List.copyOf(ends).forEach(Runnable::run);
      assertThat(lines(captured))
          .hasSize(few + 2)
          .last()
          .asString()
          .contains("… and " + (10_000 - few) + " more")
          .contains("malformed-usage");
      log.warn(LogKind.MALFORMED_USAGE, "the next minute");
      assertThat(lines(captured)).last().asString().contains("the next minute");
    }
  }
}
