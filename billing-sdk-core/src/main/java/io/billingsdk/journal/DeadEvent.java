package io.billingsdk.journal;

import io.billingsdk.internal.journal.DeadLetters;
import io.billingsdk.internal.journal.DeadLetters.Letter;
import java.io.IOException;
import java.util.UUID;

/**
 * An event that was refused for good and set aside. It names the event; reason and content are read
 * from its file, since there may be very many. Immutable and thread-safe.
 */
public final class DeadEvent {
  private final DeadLetters letters;
  private final Letter letter;

  DeadEvent(DeadLetters letters, Letter letter) {
    this.letters = letters;
    this.letter = letter;
  }

  Letter letter() {
    return letter;
  }

  /** The stream of the event. */
  public UUID stream() {
    return letter.stream();
  }

  /** The number of the event in its stream. */
  public long seq() {
    return letter.seq();
  }

  /**
   * Why it was refused.
   *
   * @throws IOException when its file cannot be read, or a replay has delivered it meanwhile
   */
  public String reason() throws IOException {
    return letters.read(letter).reason();
  }

  /**
   * The event, a JSON object in UTF-8 that may hold an API key.
   *
   * @throws IOException when its file cannot be read, or a replay has delivered it meanwhile
   */
  public byte[] json() throws IOException {
    return letters.read(letter).body();
  }

  /** Its identity, without the content. */
  @Override
  public String toString() {
    return "DeadEvent[stream=" + stream() + ", seq=" + seq() + "]";
  }
}
