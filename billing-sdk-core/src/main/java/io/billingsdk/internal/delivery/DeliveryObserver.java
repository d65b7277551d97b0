package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;
import java.util.UUID;

/** Receives notice of what happens to the delivery, on the scheduler's thread. */
public interface DeliveryObserver {

  /** Nothing is sent for now; called once until {@link #delivering}. */
  void holding(ProblemKind kind, String why);

  /** Events are delivered again. */
  void delivering();

  /** An event was set aside. */
  void deadLettered(UUID stream, long seq, String why);

  /**
   * What became of events together: of those of one answer, or of one that got none.
   *
   * @param why the last one was set aside; empty when none was
   */
  default void settled(int delivered, int setAside, String why) {}

  /** The billing system does not take so many events for now; they are sent again. */
  default void deferred(long events, String code) {}
}
