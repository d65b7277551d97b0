package io.billingsdk.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How an admission ends exactly once, whichever of its calls comes first, on whichever thread.
 *
 * <pre>
 *          begin             settled(true)
 *   OPEN ---------> SETTLING -------------> ENDED <--- OPEN, by close
 *     ^                | |  ^                  ^
 *     '----------------' |  '-- close:         |
 *       settled(false)   '---> CLOSING --------'  settled, either way
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class AdmissionEnd {
  private static final int OPEN = 0;
  private static final int SETTLING = 1;
  private static final int CLOSING = 2;
  private static final int ENDED = 3;

  private final AtomicInteger state = new AtomicInteger(OPEN);

  /** Of an admission that is open. */
  public AdmissionEnd() {}

  /** Whether nobody has begun to settle or closed it. */
  public boolean isOpen() {
    return state.get() == OPEN;
  }

  /** Begins a settlement; false when there is one, or the admission has ended. */
  public boolean begin() {
    return state.compareAndSet(OPEN, SETTLING);
  }

  /**
   * The settlement that has begun is over.
   *
   * @param accepted whether its event was
   * @return whether the admission has ended by it: not when it was rejected, unless somebody has
   *     closed the admission meanwhile, and nobody comes again
   */
  public boolean settled(boolean accepted) {
    if (!accepted && state.compareAndSet(SETTLING, OPEN)) {
      return false;
    }
    state.set(ENDED);
    return true;
  }

  /** Ends it; true when this call is the end, and no settlement is under way. */
  public boolean close() {
    // A settlement may be rejected between two looks: nobody would close the admission again.
    while (isOpen() || state.get() == SETTLING) {
      if (state.compareAndSet(OPEN, ENDED)) {
        return true;
      }
      if (state.compareAndSet(SETTLING, CLOSING)) {
        return false;
      }
    }
    return false;
  }
}
