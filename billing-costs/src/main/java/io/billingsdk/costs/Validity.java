package io.billingsdk.costs;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A time, half-open: the start is in it, the end is not.
 *
 * @param from the first moment; empty for "since ever"
 * @param to the first moment after it; empty for "until further notice"
 */
public record Validity(Optional<Instant> from, Optional<Instant> to) {
  /** All of time. */
  public static final Validity ALWAYS = new Validity(Optional.empty(), Optional.empty());

  /** Checks that it is not empty. */
  public Validity {
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      throw new CostInputException("validTo", "after validFrom, " + from.get(), to.get());
    }
  }

  /** The time between two moments; each may be open. */
  public static Validity of(@Nullable Instant from, @Nullable Instant to) {
    return new Validity(Optional.ofNullable(from), Optional.ofNullable(to));
  }

  /** Whether a moment is in it. */
  public boolean holds(Instant at) {
    return from.map(start -> !at.isBefore(start)).orElse(true) && to.map(at::isBefore).orElse(true);
  }

  boolean overlaps(Validity other) {
    return startsBefore(other.to) && other.startsBefore(to);
  }

  private boolean startsBefore(Optional<Instant> end) {
    return from.isEmpty() || end.isEmpty() || from.get().isBefore(end.get());
  }

  @Override
  public String toString() {
    return from.map(Instant::toString).orElse("..") + "/" + to.map(Instant::toString).orElse("..");
  }
}
