package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Receives notice of what happens in a {@link BillingClient}.
 *
 * <p>All calls come one at a time from the thread {@code billing-callbacks}, in the order of the
 * events, with no lock held. A listener that blocks delays the others, never the delivery. An
 * exception of a listener is logged and forgotten.
 */
public interface BillingListener {

  /** The connection has another state, or another kind of problem in the same state. */
  default void statusChanged(ClientStatus status) {}

  /** A key appeared, or was blocked or unblocked. */
  default void keyChanged(KeyChange change) {}

  /** An accepted event was refused for good by the broker or the billing system and set aside. */
  default void eventDeadLettered(DeadLetter deadLetter) {}

  /** A change of one key. Immutable and thread-safe; instances with equal values are equal. */
  final class KeyChange {
    private final KeyChangeParts parts;

    private record KeyChangeParts(Caller caller, boolean blocked, @Nullable String reason) {}

    private KeyChange(KeyChangeParts parts) {
      this.parts = parts;
    }

    /**
     * Creates one, for implementations of {@link BillingClient}.
     *
     * @param caller whose key it is
     * @param blocked whether it is blocked now
     * @param reason the operator's reason; null for none
     */
    public static KeyChange of(Caller caller, boolean blocked, @Nullable String reason) {
      return new KeyChange(new KeyChangeParts(requireNonNull(caller, "caller"), blocked, reason));
    }

    /**
     * Whose key it is. With protocol v2 the key itself is not known, and usage cannot be reported
     * by this caller.
     */
    public Caller caller() {
      return parts.caller();
    }

    /** Whether the key is blocked now. */
    public boolean blocked() {
      return parts.blocked();
    }

    /** The operator's reason; null when none was given. */
    public @Nullable String reason() {
      return parts.reason();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof KeyChange that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("KeyChange", parts);
    }
  }

  /**
   * An event that was set aside. Immutable and thread-safe; instances with equal values are equal.
   */
  final class DeadLetter {
    private final DeadLetterParts parts;

    private record DeadLetterParts(UUID stream, long seq, String reason) {}

    private DeadLetter(DeadLetterParts parts) {
      this.parts = parts;
    }

    /**
     * Creates one, for implementations of {@link BillingClient}.
     *
     * @param stream the event's stream
     * @param seq its number in that stream
     * @param reason why it is not taken
     */
    public static DeadLetter of(UUID stream, long seq, String reason) {
      return new DeadLetter(
          new DeadLetterParts(
              requireNonNull(stream, "stream"), seq, requireNonNull(reason, "reason")));
    }

    /**
     * The stream of the event. It is not that of this process when an earlier process left the
     * event in the journal.
     */
    public UUID stream() {
      return parts.stream();
    }

    /** The number of the event in its stream. */
    public long seq() {
      return parts.seq();
    }

    /** Why it is not taken; with protocol v2 the code of the billing system's receipt. */
    public String reason() {
      return parts.reason();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof DeadLetter that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("DeadLetter", parts);
    }
  }
}
