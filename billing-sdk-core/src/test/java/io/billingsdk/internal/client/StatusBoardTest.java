package io.billingsdk.internal.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.ClientStatus.Problem;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StatusBoardTest {
  private final Logger log = (Logger) org.slf4j.LoggerFactory.getLogger(LoggerNames.CONNECTION);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final ManualClock clock = new ManualClock();
  private final List<ConnectionState> told = new ArrayList<>();
  private final StatusBoard board =
      new StatusBoard("broker:8883", clock, () -> told.add(boardState()));
  private @Nullable Level before;

  private ConnectionState boardState() {
    return board.shown().state();
  }

  @BeforeEach
  void listen() {
    before = log.getLevel();
    log.setLevel(Level.TRACE);
    log.setAdditive(false);
    logged.start();
    log.addAppender(logged);
  }

  @AfterEach
  void stop() {
    log.detachAppender(logged);
    log.setAdditive(true);
    log.setLevel(before);
  }

  private List<Level> levels() {
    return logged.list.stream().map(ILoggingEvent::getLevel).toList();
  }

  private long loud() {
    return levels().stream().filter(level -> level.isGreaterOrEqual(Level.INFO)).count();
  }

  private void lost(ProblemKind kind, String message) {
    board.connection(ConnectionState.DISCONNECTED, kind, message);
  }

  private void connected() {
    board.connection(ConnectionState.CONNECTED, null, "");
  }

  @Test
  void shown_atFirst_isConnectingSinceNowWithoutProblem() {
    assertThat(board.shown())
        .isEqualTo(
            new StatusBoard.Shown(
                ConnectionState.CONNECTING, Instant.ofEpochMilli(clock.wallMillis()), null));
  }

  @Test
  void connection_sameFailureRepeated_isOneLineAndThenOnlyDebug() {
    for (int i = 0; i < 100; i++) {
      lost(ProblemKind.NETWORK, "refused, attempt " + i);
    }
    assertThat(loud()).isEqualTo(1);
    assertThat(levels()).hasSize(100).startsWith(Level.WARN, Level.TRACE);
    assertThat(told).containsExactly(ConnectionState.DISCONNECTED);
    assertThat(requireNonNull(board.shown().lastProblem()).message())
        .as("the newest message is shown")
        .isEqualTo("refused, attempt 99");
  }

  /** A broker that resets connections fails attempts in two ways by turns, for hours. */
  @Test
  void connection_kindsOfProblemByTurns_areALineEachInOneOutage() {
    for (int i = 0; i < 100; i++) {
      lost(ProblemKind.NETWORK, "reset");
      lost(ProblemKind.TLS, "reset by peer");
    }
    assertThat(loud()).isEqualTo(2);
    assertThat(told).as("the status shows each").hasSize(200);
    connected();
    lost(ProblemKind.TLS, "reset by peer");
    assertThat(loud()).as("a new outage is logged again").isEqualTo(4);
  }

  @Test
  void connection_eachChangeOfState_isOneLineAndOneCall() {
    connected();
    lost(ProblemKind.NETWORK, "reset");
    connected();
    board.connection(ConnectionState.UNAUTHORIZED, ProblemKind.UNAUTHORIZED, "wrong password");
    board.connection(ConnectionState.CLOSED, null, "");
    assertThat(levels())
        .containsExactly(Level.INFO, Level.WARN, Level.INFO, Level.WARN, Level.INFO);
    assertThat(told)
        .containsExactly(
            ConnectionState.CONNECTED,
            ConnectionState.DISCONNECTED,
            ConnectionState.CONNECTED,
            ConnectionState.UNAUTHORIZED,
            ConnectionState.CLOSED);
  }

  @Test
  void since_sameStateAgain_staysAndChangesWithTheState() {
    Instant start = board.shown().since();
    clock.advance(Duration.ofSeconds(5));
    lost(ProblemKind.NETWORK, "refused");
    clock.advance(Duration.ofSeconds(5));
    lost(ProblemKind.TLS, "expired");
    assertThat(board.shown().since()).isEqualTo(start.plusSeconds(5));
    assertThat(board.shown().lastProblem())
        .isEqualTo(Problem.of(ProblemKind.TLS, "expired", start.plusSeconds(10)));
  }

  @Test
  void connection_recovered_keepsTheLastProblem() {
    lost(ProblemKind.NETWORK, "reset");
    connected();
    assertThat(requireNonNull(board.shown().lastProblem()).message()).isEqualTo("reset");
    lost(ProblemKind.NETWORK, "reset");
    assertThat(loud()).as("the same problem after a recovery is news").isEqualTo(3);
  }

  @Test
  void connection_afterClosed_staysClosedAndQuiet() {
    board.connection(ConnectionState.CLOSED, null, "");
    logged.list.clear();
    told.clear();
    connected();
    lost(ProblemKind.NETWORK, "late");
    board.hindered(ProblemKind.NO_RECEIVER, "late");
    board.unhindered();
    assertThat(boardState()).isEqualTo(ConnectionState.CLOSED);
    assertThat(logged.list).isEmpty();
    assertThat(told).isEmpty();
    assertThat(board.shown().lastProblem()).isNull();
  }

  @Test
  void hindered_repeated_isOneLineUntilItIsOver() {
    connected();
    logged.list.clear();
    told.clear();
    board.unhindered();
    for (int i = 0; i < 10; i++) {
      board.hindered(ProblemKind.NO_RECEIVER, "nobody receives the reports");
    }
    assertThat(loud()).isEqualTo(1);
    assertThat(requireNonNull(board.shown().lastProblem()).kind())
        .isEqualTo(ProblemKind.NO_RECEIVER);
    board.unhindered();
    board.unhindered();
    assertThat(levels()).containsExactly(Level.WARN, Level.INFO);
    assertThat(told).containsExactly(ConnectionState.CONNECTED, ConnectionState.CONNECTED);
  }
}
