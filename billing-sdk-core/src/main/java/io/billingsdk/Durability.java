package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When accepted events are forced to the disk, and so what a crash can cost.
 *
 * <p>With every choice, an event that {@link BillingClient#reportDurably} has completed survives
 * the death of the process and a power cut, and the death of the <em>process</em> alone costs only
 * events that were on their way to the file: those of about the last millisecond, or of the time
 * that a force of the disk takes when one is under way.
 */
public sealed interface Durability {

  /**
   * Events are forced at most this long after they were written. A power cut or a crash of the
   * operating system can cost the events of the last interval.
   *
   * @param atMost 1 ms to 1 min
   */
  record Interval(Duration atMost) implements Durability {
    /** Refuses a duration out of range. */
    public Interval {
      requireNonNull(atMost, "atMost");
      if (atMost.compareTo(Duration.ofMillis(1)) < 0
          || atMost.compareTo(Duration.ofMinutes(1)) > 0) {
        throw new IllegalArgumentException(
            "durability must be from 1ms to 1m, but was " + DurationText.format(atMost));
      }
    }

    @Override
    public String toString() {
      return DurationText.format(atMost);
    }
  }

  /**
   * Every write is forced; one write takes all events that came meanwhile. A power cut costs only
   * events that were on their way to the file.
   */
  record EveryWrite() implements Durability {
    @Override
    public String toString() {
      return "every-write";
    }
  }

  /**
   * The SDK forces only events that {@link BillingClient#reportDurably} waits for, and each 4 MiB,
   * since it keeps unforced events in memory too, for a disk that fails. A power cut or a crash of
   * the operating system can cost the events that it had not written back by itself, often those of
   * the last 30 seconds.
   */
  record OperatingSystem() implements Durability {
    @Override
    public String toString() {
      return "operating-system";
    }
  }

  /** Forced at most this long after it was written. */
  static Durability interval(Duration atMost) {
    return new Interval(atMost);
  }

  /** Forced with every write. */
  static Durability everyWrite() {
    return new EveryWrite();
  }

  /** Left to the operating system. */
  static Durability operatingSystem() {
    return new OperatingSystem();
  }

  /**
   * From its text: {@code every-write}, {@code operating-system}, or a duration such as {@code
   * 200ms}.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  static Durability parse(String text) {
    return switch (text) {
      case "every-write" -> everyWrite();
      case "operating-system" -> operatingSystem();
      default -> interval(DurationText.parse(text));
    };
  }
}
