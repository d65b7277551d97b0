package io.billingsdk.internal.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.link.FakeConnector.ConnectAttempt;
import io.billingsdk.internal.link.PublishResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The states and what is told of them; the pauses are in {@link MqttLinkPacingTest}. */
final class MqttLinkTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final MqttLinkBench bench = new MqttLinkBench();

  @Test
  void start_first_isConnectingWithOneAttempt() {
    bench.start();
    assertThat(bench.told()).containsExactly("CONNECTING");
    assertThat(bench.connector.attempts()).isEqualTo(1);
  }

  @Test
  void attempt_pending_isTheOnlyOneHoweverLongItTakes() {
    bench.start();
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isEqualTo(1);
  }

  /** An error on a thread of the library ended the attempt without a word, for ever. */
  @Test
  void attempt_thatNeverEnds_isGivenUpAndFollowedByAnother() {
    bench.start();
    bench.told();
    ConnectAttempt lost = bench.connector.last();
    bench.scheduler.advance(MqttLinkBench.LONGEST);
    assertThat(bench.told())
        .singleElement()
        .asString()
        .startsWith("DISCONNECTED LOCAL: an attempt to connect did not end within 10800 s");
    assertThat(lost.isClosed()).isTrue();
    bench.untilNextAttempt();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
    bench.scheduler.advance(MqttLinkBench.LONGEST.multipliedBy(2));
    assertThat(bench.told()).isEmpty();
  }

  /** Half of the client took it for connected, and nothing was tried again. */
  @Test
  void up_observerThrowsAnError_isShownAndTriedAgain() {
    bench.start();
    bench.told();
    List<String> status = new ArrayList<>();
    bench.faults.tell(status::add);
    bench.broken = new NoClassDefFoundError("com/example/Missing");
    bench.up();
    String why =
        "the use of a connection failed inside: NoClassDefFoundError com/example/Missing;"
            + " a library is missing or has another version";
    assertThat(status).containsExactly(why);
    assertThat(bench.told()).contains("DISCONNECTED LOCAL: " + why);
    bench.untilNextAttempt();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
  }

  @Test
  void down_observerThrowsAnError_isTriedAgain() {
    bench.start();
    bench.up();
    bench.broken = new NoClassDefFoundError("com/example/Missing");
    bench.connector.last().events().failed(MqttLinkBench.REFUSED_TCP);
    assertThatThrownBy(() -> bench.scheduler.run())
        .hasRootCauseInstanceOf(NoClassDefFoundError.class);
    bench.untilNextAttempt();
    bench.told();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
  }

  @Test
  void attempt_succeeds_isConnectedAndUpWithTheLimits() {
    bench.start();
    bench.told();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isEqualTo(1);
  }

  @Test
  void attempt_fails_isDisconnectedAndNeverDown() {
    bench.start();
    bench.told();
    bench.fail(MqttLinkBench.REFUSED_TCP);
    assertThat(bench.told()).containsExactly("DISCONNECTED NETWORK: connection refused");
    bench.untilNextAttempt();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
  }

  @Test
  void attempt_failsTwice_isToldOnce() {
    bench.start();
    bench.fail(MqttLinkBench.REFUSED_TCP);
    bench.told();
    bench.fail(MqttLinkBench.REFUSED_TCP);
    assertThat(bench.told()).isEmpty();
    bench.scheduler.advance(Duration.ofMillis(500));
    assertThat(bench.connector.attempts()).isEqualTo(2);
  }

  @Test
  void connection_lost_isDownThenDisconnected() {
    bench.start();
    bench.up();
    bench.told();
    bench.fail(Failure.soon(ProblemKind.BROKER, "shutting down"));
    assertThat(bench.told()).containsExactly("down", "DISCONNECTED BROKER: shutting down");
  }

  @Test
  void failure_unauthorizedOrForbidden_isUnauthorized() {
    bench.start();
    bench.told();
    bench.fail(MqttLinkBench.BAD_PASSWORD);
    assertThat(bench.told()).containsExactly("UNAUTHORIZED UNAUTHORIZED: bad password");
    bench.untilNextAttempt();
    bench.fail(Failure.rarely(ProblemKind.FORBIDDEN, "no subscription"));
    assertThat(bench.told()).containsExactly("UNAUTHORIZED FORBIDDEN: no subscription");
    bench.untilNextAttempt();
    bench.fail(MqttLinkBench.REFUSED_TCP);
    assertThat(bench.told()).containsExactly("DISCONNECTED NETWORK: connection refused");
    bench.untilNextAttempt();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
  }

  @Test
  void events_ofAStaleAttempt_areIgnored() {
    bench.start();
    ConnectAttempt stale = bench.connector.last();
    bench.fail(MqttLinkBench.REFUSED_TCP);
    bench.untilNextAttempt();
    bench.told();
    stale.events().up(MqttLinkBench.LIMITS);
    bench.scheduler.run();
    assertThat(bench.told()).isEmpty();
    assertThat(stale.isClosed()).as("nobody would use it or end it").isTrue();
    stale.events().failed(MqttLinkBench.BAD_PASSWORD);
    bench.scheduler.run();
    assertThat(bench.told()).isEmpty();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
    stale.events().failed(MqttLinkBench.BAD_PASSWORD);
    bench.scheduler.run();
    assertThat(bench.told()).isEmpty();
  }

  @Test
  void received_connected_isPassedOn() {
    bench.start();
    bench.connector.last().events().received("early", new byte[0]);
    bench.up();
    bench.told();
    bench.connector.last().events().received("topic", new byte[0]);
    assertThat(bench.told()).containsExactly("received topic");
  }

  /** A queued update of an earlier connection could undo one that the present one brought. */
  @Test
  void received_ofAStaleAttempt_isIgnored() {
    bench.start();
    bench.up();
    ConnectAttempt lost = bench.connector.last();
    bench.fail(MqttLinkBench.REFUSED_TCP);
    bench.told();
    lost.events().received("late", new byte[0]);
    bench.untilNextAttempt();
    lost.events().received("later", new byte[0]);
    assertThat(bench.told()).isEmpty();
  }

  @Test
  void received_afterClose_isIgnored() {
    bench.start();
    bench.up();
    bench.told();
    var unused = bench.link.close();
    bench.connector.last().events().received("late", new byte[0]);
    assertThat(bench.told()).isEmpty();
  }

  @Test
  void publish_connected_answersOnTheScheduler() {
    bench.start();
    bench.up();
    List<PublishResult> answers = new ArrayList<>();
    bench.link.publish("t", new byte[0], answers::add);
    assertThat(bench.connector.last().published()).containsExactly("t");
    bench.connector.last().answer(new PublishResult(Outcome.DELIVERED, ""));
    assertThat(answers).as("not on the library's thread").isEmpty();
    bench.scheduler.run();
    assertThat(answers).extracting(PublishResult::outcome).containsExactly(Outcome.DELIVERED);
  }

  @Test
  void publish_notConnected_isUnknownAndNotQueued() {
    List<PublishResult> answers = new ArrayList<>();
    bench.link.publish("before the start", new byte[0], answers::add);
    bench.start();
    bench.link.publish("before it is up", new byte[0], answers::add);
    bench.fail(MqttLinkBench.REFUSED_TCP);
    bench.link.publish("in the pause", new byte[0], answers::add);
    bench.untilNextAttempt();
    bench.up();
    assertThat(answers).extracting(PublishResult::outcome).hasSize(3).containsOnly(Outcome.UNKNOWN);
    assertThat(bench.connector.last().published()).isEmpty();
  }

  @Test
  void reconnect_connected_closesAndMakesAnother() {
    bench.start();
    bench.up();
    bench.told();
    ConnectAttempt old = bench.connector.last();
    bench.link.reconnect("no answer");
    assertThat(bench.told())
        .as("at once, so that nothing is published to it any more")
        .containsExactly("down", "DISCONNECTED BROKER: no answer");
    assertThat(old.isClosed()).isTrue();
    assertThat(bench.untilNextAttempt()).isEqualTo(Duration.ofMillis(500));
    old.events().failed(MqttLinkBench.REFUSED_TCP);
    bench.scheduler.run();
    assertThat(bench.told()).isEmpty();
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
  }

  @Test
  void reconnect_notConnected_changesNothing() {
    bench.start();
    bench.told();
    bench.link.reconnect("why");
    bench.fail(MqttLinkBench.REFUSED_TCP);
    bench.link.reconnect("why");
    bench.link.reconnect("why");
    assertThat(bench.told()).hasSize(1);
    bench.scheduler.advance(Duration.ofMillis(500));
    assertThat(bench.connector.attempts()).isEqualTo(2);
  }

  @Test
  void close_beforeTheStart_isDone() {
    assertThat(bench.link.close()).isCompleted();
    assertThat(bench.connector.isShutDown()).isTrue();
    bench.start();
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isZero();
  }

  @Test
  void close_attemptPending_endsItAndNoneFollows() {
    bench.start();
    closeAndWait();
    bench.connector.last().events().up(MqttLinkBench.LIMITS);
    bench.connector.last().events().failed(MqttLinkBench.REFUSED_TCP);
    assertNothingFollows(1);
  }

  @Test
  void close_connected_endsItAndNoneFollows() {
    bench.start();
    bench.up();
    closeAndWait();
    bench.connector.last().events().failed(MqttLinkBench.REFUSED_TCP);
    bench.link.reconnect("late");
    assertNothingFollows(1);
  }

  @Test
  void close_inThePause_noneFollows() {
    bench.start();
    bench.fail(MqttLinkBench.REFUSED_TCP);
    assertThat(bench.link.close()).isCompleted();
    assertNothingFollows(1);
  }

  @Test
  void close_unauthorized_noneFollows() {
    bench.start();
    bench.fail(MqttLinkBench.BAD_PASSWORD);
    assertThat(bench.link.close()).isCompleted();
    assertThat(bench.link.close()).as("again").isCompleted();
    assertNothingFollows(1);
  }

  /** An attempt that cannot even begin, for want of a thread, was the last one for ever. */
  @Test
  void attempt_cannotBeOpened_isFailedAndTriedAgain() {
    bench.connector.failToOpen(new IllegalStateException("sk-canary"));
    bench.start();
    assertThat(bench.told())
        .containsExactly(
            "CONNECTING",
            "DISCONNECTED LOCAL: the connection to the broker failed inside:"
                + " java.lang.IllegalStateException");
    bench.connector.failToOpen(null);
    assertThat(bench.untilNextAttempt()).isEqualTo(Duration.ofMillis(500));
    bench.up();
    assertThat(bench.told()).containsExactly("CONNECTED", "up 10");
  }

  private void closeAndWait() {
    CompletableFuture<Void> done = bench.link.close();
    assertThat(bench.connector.last().isClosed()).isTrue();
    assertThat(done).isNotDone();
    assertThat(bench.connector.isShutDown()).as("the connection still needs it").isFalse();
    bench.connector.last().closed();
    assertThat(done).isCompleted();
    assertThat(bench.connector.isShutDown()).isTrue();
  }

  private void assertNothingFollows(int attempts) {
    bench.told();
    bench.scheduler.advance(HOUR);
    assertThat(bench.connector.attempts()).isEqualTo(attempts);
    assertThat(bench.told()).isEmpty();
  }
}
