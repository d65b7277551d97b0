package io.billingsdk.server.http;

/** An answer that comes to be. Thread-safe. */
public interface Streaming {
  /** Begins it; returns at once. */
  void begin();

  /** Ends it from outside, and says why, if it has not ended; returns at once. */
  void end(Problem why);

  /** Nobody is there any more. */
  void gone();
}
