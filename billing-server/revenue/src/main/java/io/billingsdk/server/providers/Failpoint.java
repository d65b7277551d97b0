package io.billingsdk.server.providers;

/**
 * The moments between two steps of a charge and of a refund, at which a crash is most dangerous;
 * tests end the process there.
 */
enum Failpoint {
  CHARGE_STORED,
  CHARGE_ANSWERED,
  CHARGE_BOOKED_NOT_COMMITTED,
  CHARGE_COMMITTED,
  REFUND_STORED,
  REFUND_ANSWERED,
  REFUND_BOOKED_NOT_COMMITTED,
  REFUND_COMMITTED;

  /** Called when a moment has come. In production it does nothing. */
  @FunctionalInterface
  interface Hook {
    Hook NONE = reached -> {};

    void reached(Failpoint failpoint);
  }
}
