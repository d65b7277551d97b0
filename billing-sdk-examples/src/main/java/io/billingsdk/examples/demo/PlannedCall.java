package io.billingsdk.examples.demo;

/**
 * One call that the client is going to make.
 *
 * @param number from 1, in the order of the plan
 * @param input index of the prompt, or of the WAV file; {@value #EMPTY} for an empty prompt
 * @param keyHeader the metadata entry that carries the key
 */
record PlannedCall(int number, Service service, KeyUse key, int input, String keyHeader) {
  /** Sends an empty prompt: the work fails, and the minimum is charged. */
  public static final int EMPTY = -1;

  /** The called service. */
  public enum Service {
    LLM,
    LLM_STREAMING,
    TTS,
    ASR
  }

  /** Which key it carries. */
  public enum KeyUse {
    /** Of an application in good standing. */
    VALID,
    /** Of an application that is blocked half-way: good before that, refused after. */
    BLOCKED_HALF_WAY,
    /** Of an application that was blocked before the first call. */
    BLOCKED,
    /** Of nobody. */
    UNKNOWN,
    /** None at all. */
    MISSING
  }
}
