package io.billingsdk.internal.client;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits, with {@code protocol=auto}, for the first sign of a billing system, and tells once when
 * none comes: until then events stay in the journal though the connection stands, and nothing else
 * would say why.
 *
 * <p>Confined to the scheduler's thread.
 */
final class PeerDiscoveryTimer {
  /** A system that answers the request for keys does so within seconds. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Scheduler scheduler;
  private final StatusBoard board;
  private final String awaited;

  private @Nullable Cancellable timer;
  private boolean told;

  PeerDiscoveryTimer(V1Topics v1, V2Topics v2, Scheduler scheduler, StatusBoard board) {
    this.scheduler = scheduler;
    this.board = board;
    this.awaited =
        "no billing system has shown itself: waiting for a presence on "
            + v2.collector()
            + " or a key update on "
            + v1.keysUpdate()
            + "; for a system of protocol v1 that sends neither, set protocol(Protocol.V1)";
  }

  /** The link is up and no system is known. */
  void await() {
    if (timer == null && !told) {
      timer = scheduler.schedule(this::tell, PATIENCE);
    }
  }

  /** The link is down: other parts report that. */
  void pause() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** A system has shown itself. */
  void came() {
    pause();
    if (told) {
      told = false;
      board.unhindered();
    }
  }

  private void tell() {
    timer = null;
    told = true;
    board.hindered(ProblemKind.NO_RECEIVER, awaited);
  }
}
