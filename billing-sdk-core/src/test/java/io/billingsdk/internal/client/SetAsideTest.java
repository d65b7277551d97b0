package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of events that are refused for good. */
final class SetAsideTest {
  private static final String WHY = "refused by the billing system: IN_FUTURE";
  private static final String WAY_BACK = "billing journal replay --dead /var/journal";

  private final Logger log = (Logger) org.slf4j.LoggerFactory.getLogger(LoggerNames.BUFFER);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final ManualClock clock = new ManualClock();
  private final StatusBoard board = new StatusBoard("broker:8883", clock, () -> {});
  private final SetAside aside = new SetAside(clock, board, WAY_BACK);

  @BeforeEach
  void listen() {
    logged.start();
    log.addAppender(logged);
    log.setAdditive(false);
  }

  @AfterEach
  void stop() {
    log.detachAppender(logged);
    log.setAdditive(true);
  }

  private List<String> at(Level level) {
    return logged.list.stream()
        .filter(each -> each.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private void refuse(int events) {
    for (int i = 0; i < events; i++) {
      aside.event(new UUID(0, 1), i, WHY);
      aside.settled(0, 1, WHY);
    }
  }

  @Test
  void settled_oneRefused_isInTheStatus_untilOneIsDelivered() {
    refuse(1);

    assertThat(aside.trouble()).contains("event is set aside", "IN_FUTURE", "clock", WAY_BACK);
    var problem = Objects.requireNonNull(board.shown().lastProblem());
    assertThat(problem.kind()).isEqualTo(ProblemKind.REFUSED);
    assertThat(problem.message()).isEqualTo(aside.trouble());
    assertThat(at(Level.ERROR)).isEmpty();

    aside.settled(1, 0, "");
    assertThat(aside.trouble()).isNull();
  }

  @Test
  void settled_manyInARow_isToldOnce_withTheCountAndTheCommand() {
    refuse(1_000);

    assertThat(at(Level.ERROR)).hasSize(1);
    assertThat(at(Level.ERROR).get(0)).contains("5 events", WAY_BACK);
    assertThat(at(Level.WARN)).as("the first, the tenth and so on").hasSize(4);
    assertThat(aside.trouble()).contains("1000 events");

    aside.settled(3, 0, "");
    assertThat(at(Level.INFO)).hasSize(1);
    assertThat(at(Level.INFO).get(0)).contains("1000", WAY_BACK);
  }

  /** Bad events between good ones are no trouble of the whole. */
  @Test
  void settled_withOthersDelivered_isNoRow() {
    for (int i = 0; i < 100; i++) {
      aside.settled(1, 9, WHY);
      assertThat(aside.trouble()).isNull();
    }

    assertThat(at(Level.ERROR)).isEmpty();
  }

  @Test
  void settled_rowAfterRow_isToldAgainOnlyAfterAWhile() {
    for (int i = 0; i < 20; i++) {
      refuse(10);
      aside.settled(1, 0, "");
    }
    assertThat(at(Level.ERROR)).hasSize(1);

    clock.advance(Duration.ofMinutes(11));
    refuse(10);
    assertThat(at(Level.ERROR)).hasSize(2);
  }
}
