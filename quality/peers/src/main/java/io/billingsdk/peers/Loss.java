package io.billingsdk.peers;

import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;

/** What one library loses and doubles in one kind of trouble. */
final class Loss implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  /** The longest that a process may take until its first event has come. */
  private static final int WARM_SECONDS = 30;

  private final Library library;
  private final String row;
  private final Sizes sizes;
  private final Sink sink;
  private final Service service;

  private Loss(Library library, String row, Sizes sizes, Sink sink, Service service) {
    this.library = library;
    this.row = row;
    this.sizes = sizes;
    this.sink = sink;
    this.service = service;
  }

  /**
   * With a sink of its own.
   *
   * @param isCut whether the way to the sink can be cut, for {@link #killsWhileAway}, {@link
   *     #outage} and {@link #deadSink}
   */
  static Loss of(
      Library library, String row, boolean isCut, Sizes sizes, Path directory, Sink.Plant plant)
      throws IOException {
    Path own = directory.resolve(row + "-" + library.printed());
    Sink sink = Sink.start(own, library, plant);
    String port = isCut ? sink.faultyPort() : sink.port();
    return new Loss(
        library, row, sizes, sink, new Service(library, sink, port, own, sizes.aSecond()));
  }

  /** No trouble at all: what the others are to be compared with. */
  Result calm() throws Exception {
    try (Jvm process = service.start(2 * sizes.secondsToKill() * sizes.aSecond())) {
      process.await("reported");
      awaitArrivals(sizes.shortPatience());
      return result(closed(process));
    }
  }

  /** A service that is killed again and again, and then goes on and closes in order. */
  Result kills() throws Exception {
    return killed(/* isAway= */ false);
  }

  /**
   * The same, and the sink goes away some time before each kill. So a queue in memory is full of
   * events at the kill, however fast its library usually sends.
   */
  Result killsWhileAway() throws Exception {
    return killed(/* isAway= */ true);
  }

  private Result killed(boolean isAway) throws Exception {
    Result.Closing close;
    for (int kill = 0; kill < sizes.kills(); kill++) {
      try (Jvm process = service.start(events(2 * WARM_SECONDS))) {
        warm();
        if (isAway) {
          sink.away();
          Pace.pause(Duration.ofSeconds(sizes.secondsToKill()));
        }
        process.kill9();
      }
      sink.back();
    }
    try (Jvm process = service.start(sizes.aSecond())) {
      process.await("reported");
      awaitArrivals(sizes.shortPatience());
      close = closed(process);
    }
    return result(close);
  }

  /** A sink that is away for some time while a service reports. */
  Result outage(Duration away) throws Exception {
    try (Jvm process = service.start(events(WARM_SECONDS + away.toSeconds()))) {
      warm();
      sink.away();
      Pace.pause(away);
      sink.back();
      Pace.pause(Duration.ofSeconds(sizes.secondsToKill()));
      var unused = process.ask("stop", "stopped");
      awaitArrivals(sizes.patience());
      return result(closed(process));
    }
  }

  /** A service that closes while its sink is away, and is started again when it is back. */
  Result deadSink() throws Exception {
    Result.Closing close;
    try (Jvm process = service.start(events(2 * WARM_SECONDS))) {
      warm();
      sink.away();
      Pace.pause(Duration.ofSeconds(sizes.secondsToKill()));
      close = closed(process);
    }
    sink.back();
    try (Jvm process = service.start(sizes.aSecond())) {
      process.await("reported");
      awaitArrivals(sizes.shortPatience());
      var unused = closed(process);
    }
    return result(close);
  }

  private int events(long seconds) {
    return Math.toIntExact(seconds * sizes.aSecond());
  }

  /**
   * Waits until something of the process has come: a JVM that has just started delivers later than
   * usual, and what it loses then says nothing of its library.
   */
  private void warm() throws IOException {
    int before = sink.came().numbers().cardinality();
    long begun = System.nanoTime();
    while (sink.came().numbers().cardinality() == before
        && System.nanoTime() - begun < Duration.ofSeconds(WARM_SECONDS).toNanos()) {
      Pace.pause(LOOK_AGAIN);
    }
    Pace.pause(Duration.ofSeconds(sizes.secondsToKill()));
  }

  /** Waits until all have come, or until none has come within that time. */
  private void awaitArrivals(Duration patience) throws IOException {
    int last = -1;
    long grewNanos = System.nanoTime();
    while (System.nanoTime() - grewNanos < patience.toNanos()) {
      BitSet missing = service.accepted();
      BitSet came = sink.came().numbers();
      missing.andNot(came);
      if (missing.isEmpty()) {
        return;
      }
      if (came.cardinality() != last) {
        last = came.cardinality();
        grewNanos = System.nanoTime();
      }
      Pace.pause(LOOK_AGAIN);
    }
  }

  private static Result.Closing closed(Jvm process) throws InterruptedException {
    long millis = Long.parseLong(process.ask("close", "closed ").substring("closed ".length()));
    return new Result.Closing(millis, process.ends());
  }

  private Result result(Result.Closing close) throws IOException {
    Sink.Came came = sink.came();
    BitSet accepted = service.accepted();
    BitSet lost = service.accepted();
    lost.andNot(came.numbers());
    Result result =
        new Result(
            library,
            row,
            accepted.cardinality(),
            service.refused(),
            lost.cardinality(),
            came.repeated(),
            came.doubled(),
            close);
    result.print(Proof.of("peers"));
    return result;
  }

  @Override
  public void close() {
    sink.close();
  }
}
