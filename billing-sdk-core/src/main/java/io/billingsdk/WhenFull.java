package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What becomes of an event that is reported while the buffer is at its bound ({@code
 * journalMaxBytes}, or {@code journalInMemory}).
 *
 * <p>Whatever is chosen: an event that was accepted stays accepted, and nothing goes to memory
 * instead of to the disk.
 */
public sealed interface WhenFull {

  /** It is rejected at once, with {@link RejectionReason#BUFFER_FULL}; the default. */
  record Reject() implements WhenFull {
    @Override
    public String toString() {
      return "reject";
    }
  }

  /**
   * The caller of {@link BillingClient#report} waits for room, and is told {@link
   * RejectionReason#BUFFER_FULL} when there was none in time.
   *
   * <p>That is the caller's choice: with the broker away for long, every thread that reports waits
   * as long as this for each event. It does not wait for a disk that fails or is full, nor for an
   * event that could never fit, and stops when it is interrupted (its interrupt status is then set
   * again) or the client is closed. A {@link BillingListener} that reports holds up the other
   * listeners meanwhile.
   *
   * @param atMost 1 ms to 1 min
   */
  record Block(Duration atMost) implements WhenFull {
    /** Refuses a duration out of range. */
    public Block {
      requireNonNull(atMost, "atMost");
      if (atMost.compareTo(Duration.ofMillis(1)) < 0
          || atMost.compareTo(Duration.ofMinutes(1)) > 0) {
        throw new IllegalArgumentException(
            "whenFull must be from 1ms to 1m, but was " + DurationText.format(atMost));
      }
    }

    @Override
    public String toString() {
      return DurationText.format(atMost);
    }
  }

  /** Rejected at once. */
  static WhenFull reject() {
    return new Reject();
  }

  /** The caller waits for room at most this long. */
  static WhenFull block(Duration atMost) {
    return new Block(atMost);
  }

  /**
   * From its text: {@code reject}, or a duration such as {@code 200ms} for which callers wait.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  static WhenFull parse(String text) {
    return text.equals("reject") ? reject() : block(DurationText.parse(text));
  }
}
