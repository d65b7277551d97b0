package io.billingsdk.internal.quotas;

import io.billingsdk.protocol.StreamSecret;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The journal and the connection, as far as leases need them. Called on the scheduler's thread. */
public interface LeaseWire {

  /** The stream that takes events now: leases are held under its name. */
  UUID stream();

  /** The proof that it is ours; null when there is none. */
  @Nullable StreamSecret secret(UUID stream);

  /** The place of the last event so far. */
  long mark();

  /** Whether everything up to a place is settled. */
  boolean settledUpTo(long mark);

  /**
   * Sends a request.
   *
   * @param onAnswer takes the answer of the broker: whether this client may send such requests
   */
  void send(byte[] request, Answered onAnswer);

  /** What became of a request at the broker. */
  @FunctionalInterface
  interface Answered {
    /** Called once, unless the connection is closed for good. */
    void accept(boolean isForbidden, String detail);
  }
}
