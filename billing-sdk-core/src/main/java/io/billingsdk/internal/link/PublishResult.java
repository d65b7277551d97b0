package io.billingsdk.internal.link;

/**
 * The broker's answer to one message.
 *
 * @param outcome what it means for the message
 * @param detail for people
 */
public record PublishResult(Outcome outcome, String detail) {

  /** What an answer means for the message. */
  public enum Outcome {
    /** The broker has it, and there is somebody to give it to. */
    DELIVERED,
    /** The broker has thrown it away because nobody subscribes to its topic. */
    NO_SUBSCRIBER,
    /** The broker cannot take it now. */
    TRY_LATER,
    /** The broker does not let this client publish to this topic. */
    FORBIDDEN,
    /** The broker will never take this message; others it may. */
    UNACCEPTABLE,
    /** There was no answer: it may have arrived or not. */
    UNKNOWN
  }
}
