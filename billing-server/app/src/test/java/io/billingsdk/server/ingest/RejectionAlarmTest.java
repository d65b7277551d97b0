package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.testbed.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RejectionAlarmTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RejectionAlarm alarm = new RejectionAlarm(nanos::get);

  private static List<IncomingEvent> entries(int stored, int refused) {
    List<IncomingEvent> entries = new ArrayList<>();
    for (int i = 0; i < stored + refused; i++) {
      IncomingEvent incomingEvent =
          new IncomingEvent(
              new UUID(1, 1), "gateway-1", new ReceivedEvent.Invalid(i + 1, "X", "x", "{}"));
      if (i < stored) {
        incomingEvent.setFate(IncomingEvent.Fate.COMMITTED);
      } else {
        incomingEvent.reject("IN_FUTURE", "");
      }
      entries.add(incomingEvent);
    }
    return entries;
  }

  private String logged(Runnable work) throws Exception {
    try (LogCapture log = LogCapture.start()) {
      work.run();
      // Other threads of this JVM log, too.
      return log.text()
          .lines()
          .filter(line -> line.contains("refused"))
          .collect(Collectors.joining("\n"));
    }
  }

  @Test
  void stored_mostRefused_isAnErrorAtOnce_andOnceAMinute() throws Exception {
    String text = logged(() -> alarm.stored(entries(2, 8)));
    assertThat(text).contains("ERROR").contains("8 of the last 10 events are refused: IN_FUTURE");
    assertThat(logged(() -> alarm.stored(entries(0, 50)))).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(logged(() -> alarm.stored(entries(0, 5)))).contains("5 of the last 5");
  }

  @Test
  void stored_aFewRefused_isAWarningWhenTheMinuteIsOver() throws Exception {
    assertThat(logged(() -> alarm.stored(entries(97, 3)))).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(logged(() -> alarm.stored(entries(1, 0))))
        .contains("WARN")
        .contains("3 of 100 events of a minute were refused: IN_FUTURE, the first from gateway-1");
  }

  @Test
  void stored_oneMistake_isNoError() throws Exception {
    assertThat(logged(() -> alarm.stored(entries(0, 1)))).isEmpty();
  }
}
