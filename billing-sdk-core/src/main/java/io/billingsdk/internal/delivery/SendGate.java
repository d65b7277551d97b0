package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether messages may be sent: freely, one as a probe, or none for now, because the broker refused
 * some. Confined to the scheduler's thread.
 */
final class SendGate {
  private final DeliverySettings settings;
  private final Scheduler scheduler;
  private final DeliveryObserver observer;

  private boolean holding;
  private boolean probing;
  private int holds;
  private @Nullable Cancellable resumption;
  private ProblemKind reason = ProblemKind.BROKER;

  SendGate(DeliverySettings settings, Scheduler scheduler, DeliveryObserver observer) {
    this.settings = settings;
    this.scheduler = scheduler;
    this.observer = observer;
  }

  boolean holding() {
    return holding;
  }

  /** How many messages may be on their way, of so many. */
  int window(int messages) {
    return probing ? 1 : messages;
  }

  /** One message goes ahead until the broker has taken it. */
  void probe() {
    probing = true;
  }

  /** The broker took a message. */
  void proven() {
    if (probing) {
      probing = false;
      holds = 0;
      observer.delivering();
    }
  }

  /** The broker did not take a message: nothing new is sent. */
  void begin(ProblemKind kind, String why) {
    if (!holding) {
      holding = true;
      reason = kind;
      if (kind != ProblemKind.NETWORK) {
        observer.holding(kind, why);
      }
    }
  }

  /** Whether it holds, and no pause has begun. */
  boolean mayPause() {
    return holding && resumption == null;
  }

  /** All that was sent is answered: after a pause one message goes ahead. */
  void pauseThen(Runnable resume) {
    Duration pause =
        (reason == ProblemKind.FORBIDDEN ? settings.refused() : settings.busy()).delay(holds++);
    resumption =
        scheduler.schedule(
            () -> {
              resumption = null;
              holding = false;
              probing = true;
              resume.run();
            },
            pause);
  }

  /** The link is down. */
  void down(Runnable resume) {
    if (holding && reason == ProblemKind.NETWORK) {
      // The unanswered ones were the first sign of this loss; the next connection is a fresh start.
      // Their pause must not reach into it: a hold that begins there would find a pause running,
      // not rewind, and let what is behind overtake what was refused.
      end();
    } else if (mayPause()) {
      pauseThen(resume);
    }
  }

  /** It is over, however it stood. */
  void end() {
    holding = false;
    if (resumption != null) {
      resumption.cancel();
      resumption = null;
    }
  }
}
