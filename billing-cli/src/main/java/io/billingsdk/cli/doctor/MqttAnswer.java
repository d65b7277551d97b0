package io.billingsdk.cli.doctor;

/**
 * What a broker said to a subscription or a message.
 *
 * @param said its reason code, or what became of the connection
 */
record MqttAnswer(AnswerKind kind, String said) {
  /** Sorts of answers. */
  enum AnswerKind {
    /** Done. */
    GRANTED,
    /** The message was taken, and nobody subscribes to its topic. */
    NOBODY_LISTENS,
    /** Refused, by a code or by the end of the connection. */
    REFUSED,
    /** Nothing came in time. */
    SILENCE
  }

  boolean isAllowed() {
    return kind == AnswerKind.GRANTED || kind == AnswerKind.NOBODY_LISTENS;
  }
}
