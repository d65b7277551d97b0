package io.billingsdk.server.ingest;

/** Moments of a batch at which a crash is most dangerous; tests end the process there. */
enum Failpoint {
  BEFORE_COMMIT,
  AFTER_COMMIT,
  AFTER_RECEIPT;

  /** Called when a moment has come. In production it does nothing. */
  @FunctionalInterface
  interface Hook {
    Hook NONE = reached -> {};

    void reached(Failpoint failpoint);
  }
}
