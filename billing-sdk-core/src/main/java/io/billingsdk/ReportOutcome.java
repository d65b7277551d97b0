package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.UUID;

/**
 * The outcome of one reported usage event: accepted, or rejected with the reason. Immutable and
 * thread-safe; instances with equal values are equal.
 */
public sealed interface ReportOutcome {

  /** Whether the event was accepted. */
  boolean accepted();

  /** Why the event was rejected; empty when it was accepted. */
  Optional<Rejected> rejection();

  /**
   * The event is in the buffer and will be delivered; {@code (stream, seq)} identifies it among all
   * events.
   */
  final class Accepted implements ReportOutcome {
    private final Identity identity;

    private record Identity(UUID stream, long seq) {}

    private Accepted(Identity identity) {
      this.identity = identity;
    }

    /**
     * Creates one, for implementations of {@link BillingClient}.
     *
     * @param stream identity of the buffer
     * @param seq number in it, from 1
     */
    public static Accepted of(UUID stream, long seq) {
      return new Accepted(new Identity(requireNonNull(stream, "stream"), seq));
    }

    /** Random identity of the buffer, new each time a buffer is opened. */
    public UUID stream() {
      return identity.stream();
    }

    /** Number of the event in its stream; the first is 1, and there are no gaps. */
    public long seq() {
      return identity.seq();
    }

    @Override
    public boolean accepted() {
      return true;
    }

    @Override
    public Optional<Rejected> rejection() {
      return Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Accepted that && identity.equals(that.identity);
    }

    @Override
    public int hashCode() {
      return identity.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Accepted", identity);
    }
  }

  /** The event was rejected, and nothing of it is kept. */
  final class Rejected implements ReportOutcome {
    private final Refusal refusal;

    private record Refusal(RejectionReason reason, String field, String message) {}

    private Rejected(Refusal refusal) {
      this.refusal = refusal;
    }

    /**
     * Creates one, for implementations of {@link BillingClient}.
     *
     * @param reason the kind of refusal
     * @param field the field at fault; empty when no field is
     * @param message for people; never with the content of a key
     */
    public static Rejected of(RejectionReason reason, String field, String message) {
      return new Rejected(
          new Refusal(
              requireNonNull(reason, "reason"),
              requireNonNull(field, "field"),
              requireNonNull(message, "message")));
    }

    /** The kind of refusal. */
    public RejectionReason reason() {
      return refusal.reason();
    }

    /** The field at fault, for example {@code metadata.prompt}; empty when no field is. */
    public String field() {
      return refusal.field();
    }

    /** Names the expected and the found value, never with the content of a key. */
    public String message() {
      return refusal.message();
    }

    @Override
    public boolean accepted() {
      return false;
    }

    @Override
    public Optional<Rejected> rejection() {
      return Optional.of(this);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Rejected that && refusal.equals(that.refusal);
    }

    @Override
    public int hashCode() {
      return refusal.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Rejected", refusal);
    }
  }
}
