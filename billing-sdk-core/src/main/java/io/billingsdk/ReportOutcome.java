package io.billingsdk;

import java.util.UUID;

/** What became of one reported usage event: taken, or refused and why. */
public sealed interface ReportOutcome {

  /** Whether the event was taken into the buffer. */
  boolean accepted();

  /**
   * The event is in the buffer and will be delivered; it is told apart from every other event by
   * {@code (stream, seq)}.
   *
   * @param stream random identity of this buffer, made each time a buffer is opened
   * @param seq number of the event in its stream; the first is 1, and there are no gaps
   */
  record Accepted(UUID stream, long seq) implements ReportOutcome {
    @Override
    public boolean accepted() {
      return true;
    }
  }

  /**
   * The event was not taken, and nothing of it is kept.
   *
   * @param reason the kind of refusal
   * @param field the field at fault, for example {@code metadata.prompt}; empty when no field is
   * @param message what was expected and what was found, never with the content of a key
   */
  record Rejected(RejectionReason reason, String field, String message) implements ReportOutcome {
    @Override
    public boolean accepted() {
      return false;
    }
  }
}
