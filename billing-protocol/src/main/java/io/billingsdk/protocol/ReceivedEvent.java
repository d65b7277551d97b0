package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** One event as a billing system reads it: a good one, or one to refuse for good. */
public sealed interface ReceivedEvent {

  /**
   * Reads one event of either protocol, for a billing system that has it from elsewhere than a
   * message.
   *
   * @param seq the number that it is to have
   */
  static ReceivedEvent read(long seq, JsonNode event) {
    return EventReader.read(seq, event);
  }

  /** Its number in its stream; 0 when it has none. */
  long seq();

  /**
   * An event within the {@link Bounds}.
   *
   * @param usage how much, exactly as it was written
   * @param timestampMillis when the usage happened, in milliseconds since 1970
   * @param metadata a JSON object; null for none
   * @param idempotencyKey null for none
   */
  record Valid(
      long seq,
      KeyRef key,
      String module,
      String model,
      BigDecimal usage,
      long timestampMillis,
      @Nullable String metadata,
      @Nullable String idempotencyKey,
      ContentHash hash)
      implements ReceivedEvent {

    @Override
    public String toString() {
      return "Valid[seq=" + seq + ", key=" + key + ", module=" + module + ", model=" + model + "]";
    }
  }

  /**
   * An event that is malformed or beyond a bound.
   *
   * @param code why, for machines: {@code MALFORMED} or a field's name with what is wrong, such as
   *     {@code METADATA_TOO_LARGE}
   * @param detail names the field, the bound and what was expected; quotes no content
   * @param json what was received, its key masked
   */
  record Invalid(long seq, String code, String detail, String json) implements ReceivedEvent {

    @Override
    public String toString() {
      return "Invalid[seq=" + seq + ", code=" + code + ", detail=" + detail + "]";
    }
  }
}
