package io.billingsdk.internal.link;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A link whose connections, time and luck are the test's. */
final class MqttLinkBench {
  static final LinkLimits LIMITS = new LinkLimits(10, 1_000);
  static final Failure REFUSED_TCP = Failure.soon(ProblemKind.NETWORK, "connection refused");
  static final Failure BAD_PASSWORD = Failure.rarely(ProblemKind.UNAUTHORIZED, "bad password");

  static final Duration LONGEST = Duration.ofHours(3);

  final Faults faults = new Faults();
  final ManualClock clock = new ManualClock();
  final ManualScheduler scheduler = new ManualScheduler(clock);
  final FakeConnector connector = new FakeConnector();
  final List<String> observed = new ArrayList<>();

  /** Thrown by the observer when it is told that the link is up or down; null for none. */
  @Nullable Error broken;

  final MqttLink link;

  MqttLinkBench() {
    this(0);
  }

  /**
   * A link that was not started.
   *
   * @param luck 0 for the shortest pauses, almost 1 for the longest
   */
  MqttLinkBench(double luck) {
    link = new MqttLink(connector, RetryPolicy.with(() -> luck, LONGEST), faults, clock, scheduler);
  }

  void start() {
    link.start(new LinkRecorder());
    scheduler.run();
  }

  void up() {
    connector.last().events().up(LIMITS);
    scheduler.run();
  }

  void fail(Failure failure) {
    connector.last().events().failed(failure);
    scheduler.run();
  }

  /** What the observer was told since the last call. */
  List<String> told() {
    List<String> now = List.copyOf(observed);
    observed.clear();
    return now;
  }

  /** Lets time pass until the next attempt and says how long that took. */
  Duration untilNextAttempt() {
    int before = connector.attempts();
    Duration begin = clock.elapsed();
    while (connector.attempts() == before) {
      scheduler.advance(scheduler.untilNext());
    }
    return clock.elapsed().minus(begin);
  }

  private final class LinkRecorder implements LinkObserver {
    @Override
    public void up(LinkLimits limits) {
      observed.add("up " + limits.receiveMaximum());
      breakDown();
    }

    @Override
    public void down() {
      observed.add("down");
      breakDown();
    }

    private void breakDown() {
      Error error = broken;
      broken = null;
      if (error != null) {
        throw error;
      }
    }

    @Override
    public void received(String topic, byte[] payload) {
      observed.add("received " + topic);
    }

    @Override
    public void state(ConnectionState state, @Nullable ProblemKind kind, String message) {
      observed.add(state + (kind == null ? "" : " " + kind + ": " + message));
    }
  }
}
