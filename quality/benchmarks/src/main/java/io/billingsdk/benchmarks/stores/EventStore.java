package io.billingsdk.benchmarks.stores;

import java.io.IOException;
import java.util.function.Consumer;

/** A store of events as a journal needs it. Used by one thread. */
public interface EventStore extends AutoCloseable {

  /** Events that a reader acknowledges at once, where it can choose. */
  int ACKNOWLEDGED_AT_ONCE = 1_000;

  /** Adds an event at the end. It need not survive anything yet. */
  void append(byte[] body) throws Exception;

  /** Returns when all that was appended would survive a power cut. */
  void force() throws Exception;

  /**
   * Hands out every event, oldest first, and acknowledges it so that it is not handed out again
   * after a reopening. Acknowledgements need not survive a power cut: they cost repetitions. Called
   * on a store that was reopened, as after a restart.
   */
  void drain(Consumer<byte[]> reader) throws Exception;

  @Override
  void close() throws IOException;
}
