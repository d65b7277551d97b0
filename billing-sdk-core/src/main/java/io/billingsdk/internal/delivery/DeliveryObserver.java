package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;

/** Is told what happens to the delivery, on the scheduler's thread. */
public interface DeliveryObserver {

  /** Nothing is sent for now; told once until {@link #delivering}. */
  void holding(ProblemKind kind, String why);

  /** Events are delivered again. */
  void delivering();

  /** An event was set aside. */
  void deadLettered(long seq, String why);
}
