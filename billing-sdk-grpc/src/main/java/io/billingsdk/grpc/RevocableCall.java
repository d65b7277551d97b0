package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that another thread can end. A {@link ServerCall} is for one thread at a time, and to
 * close it twice is an error, so a thread inside it finishes first:
 *
 * <pre>
 *            enter            close
 *   IDLE  ----------> BUSY ----------> CLOSED      by the handler; a revocation does nothing
 *     |   <---------- |
 *     |       exit    | revoke
 *     | revoke        v
 *     |          BUSY_REVOKED
 *     v               | exit
 *   REVOKED <---------'                            the refusal is sent, by the thread that came here
 * </pre>
 *
 * <p>Nobody waits: a revocation that meets the handler inside leaves the refusal to it. From then
 * on what the handler sends is swallowed. {@link #revoke} may be called by any thread; the rest, as
 * ever, by one at a time.
 */
final class RevocableCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private static final Logger log = LoggerFactory.getLogger(Revocations.LOGGER);

  private static final int IDLE = 0;
  private static final int BUSY = 1;
  private static final int BUSY_REVOKED = 2;
  private static final int REVOKED = 3;
  private static final int CLOSED = 4;

  private final AtomicInteger state = new AtomicInteger(IDLE);
  private final AtomicReference<@Nullable Denial> denial = new AtomicReference<>();
  private final Consumer<Denial> onRevocation;

  /**
   * A guard around a call.
   *
   * @param onRevocation called once, just before the refusal is sent
   */
  RevocableCall(ServerCall<Q, R> call, Consumer<Denial> onRevocation) {
    super(call);
    this.onRevocation = onRevocation;
  }

  /**
   * Ends the call with this refusal, unless it has ended.
   *
   * @return whether it did
   */
  boolean revoke(Denial why) {
    if (!denial.compareAndSet(null, why)) {
      return false;
    }
    while (true) {
      if (state.compareAndSet(IDLE, REVOKED)) {
        refuse();
        return true;
      }
      if (state.compareAndSet(BUSY, BUSY_REVOKED)) {
        return true;
      }
      if (state.get() == CLOSED) {
        return false;
      }
    }
  }

  /** Whether it was revoked, though the refusal may not have been sent yet. */
  boolean isRevoked() {
    int now = state.get();
    return now == REVOKED || now == BUSY_REVOKED;
  }

  @Override
  public void sendHeaders(Metadata headers) {
    boolean outermost = state.compareAndSet(IDLE, BUSY);
    if (outermost || !isRevoked()) {
      try {
        super.sendHeaders(headers);
      } finally {
        exit(outermost);
      }
    }
  }

  @Override
  public void sendMessage(R message) {
    boolean outermost = state.compareAndSet(IDLE, BUSY);
    if (outermost || !isRevoked()) {
      try {
        super.sendMessage(message);
      } finally {
        exit(outermost);
      }
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    // Before it is done: one that is revoked from now on must not be closed a second time.
    if (state.compareAndSet(IDLE, CLOSED) || state.compareAndSet(BUSY, CLOSED) || !isRevoked()) {
      super.close(status, trailers);
    }
  }

  @Override
  public boolean isReady() {
    return !isRevoked() && super.isReady();
  }

  @Override
  public boolean isCancelled() {
    return isRevoked() || super.isCancelled();
  }

  private void exit(boolean outermost) {
    // Not IDLE from CLOSED: a transport in the same process can call back, and end the call inside.
    if (outermost
        && !state.compareAndSet(BUSY, IDLE)
        && state.compareAndSet(BUSY_REVOKED, REVOKED)) {
      refuse();
    }
  }

  private void refuse() {
    Denial why = requireNonNull(denial.get());
    try {
      // Before the close: when the handler hears of the end, its context has to say why.
      onRevocation.accept(why);
    } catch (RuntimeException | Error failed) {
      log.warn("a cancellation listener of a call failed", failed);
    }
    try {
      why.close(delegate());
    } catch (RuntimeException | Error failed) {
      // Of an interceptor outside of this one: the other calls of the key are to be ended too.
      log.warn("a call could not be ended: {}", failed.toString());
    }
  }
}
