package io.billingsdk.internal.journal;

/** The machine, or the process, is gone at this call: nothing after it happens. */
final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  SimulatedCrash() {
    super("simulated crash", null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
  }
}
