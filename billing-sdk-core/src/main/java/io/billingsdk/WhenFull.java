package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Decides about an event that is reported while the buffer is at its bound ({@code
 * journalMaxBytes}, or {@code journalInMemory}).
 *
 * <p>With every choice, no event goes to memory instead of to the disk. Except with {@link
 * DropOldest}, the journal keeps every accepted event.
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
   * The caller of {@link BillingClient#report} waits for room, and gets {@link
   * RejectionReason#BUFFER_FULL} when there was none in time.
   *
   * <p>When the broker is away for long, every thread that reports waits this long for each event.
   * It does not wait for a disk that fails or is full, nor for an event that could never fit, and
   * stops when it is interrupted (its interrupt status is then set again) or the client is closed.
   * A {@link BillingListener} that reports holds up the other listeners meanwhile.
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

  /**
   * The oldest accepted events that are not being sent are given up for new ones: <b>they are
   * lost</b>, even if they were durable. Use it when the last hours are worth more than the first.
   *
   * <p>They are counted ({@link ClientStatus.Delivery#dropped}) and logged. On disk room is made
   * before the bound is reached, by whole files: up to an eighth of {@code journalMaxBytes} at
   * once. An event is rejected nevertheless when it comes faster than room is made, when all that
   * could be dropped is being sent, and when the disk is full before the journal is. A dropped
   * event may come back, and be delivered, after a crash that follows at once.
   */
  record DropOldest() implements WhenFull {
    @Override
    public String toString() {
      return "drop-oldest";
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

  /** The oldest are dropped, and lost. */
  static WhenFull dropOldest() {
    return new DropOldest();
  }

  /**
   * From its text: {@code reject}, {@code drop-oldest}, or a duration such as {@code 200ms} for
   * which callers wait.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  static WhenFull parse(String text) {
    return switch (text) {
      case "reject" -> reject();
      case "drop-oldest" -> dropOldest();
      default -> block(DurationText.parse(text));
    };
  }
}
