package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
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
   * @param quantities further measurements than {@code usage}, by name, in the order of the
   *     message, exactly as it was written; empty for none. Not to be changed
   * @param usedBy for whom
   * @param hash of all its fields except {@code seq} and {@code admission}
   * @param admission the epochs of the leases that it says it was admitted by; empty for none
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
      Map<String, BigDecimal> quantities,
      UsedBy usedBy,
      ContentHash hash,
      List<String> admission)
      implements ReceivedEvent {

    /** The epochs are copied. */
    public Valid {
      admission = List.copyOf(admission);
    }

    /** An event that names no lease. */
    public Valid(
        long seq,
        KeyRef key,
        String module,
        String model,
        BigDecimal usage,
        long timestampMillis,
        @Nullable String metadata,
        @Nullable String idempotencyKey,
        Map<String, BigDecimal> quantities,
        UsedBy usedBy,
        ContentHash hash) {
      this(
          seq,
          key,
          module,
          model,
          usage,
          timestampMillis,
          metadata,
          idempotencyKey,
          quantities,
          usedBy,
          hash,
          List.of());
    }

    /** The same event under another number. */
    public Valid withSeq(long newSeq) {
      return new Valid(
          newSeq,
          key,
          module,
          model,
          usage,
          timestampMillis,
          metadata,
          idempotencyKey,
          quantities,
          usedBy,
          hash,
          admission);
    }

    /** The same event with an identity in place of its own; what it says stays, and its hash. */
    public Valid withIdempotencyKey(@Nullable String newKey) {
      return new Valid(
          seq,
          key,
          module,
          model,
          usage,
          timestampMillis,
          metadata,
          newKey,
          quantities,
          usedBy,
          hash,
          admission);
    }

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
   * @param json the received text, its key masked
   */
  record Invalid(long seq, String code, String detail, String json) implements ReceivedEvent {

    @Override
    public String toString() {
      return "Invalid[seq=" + seq + ", code=" + code + ", detail=" + detail + "]";
    }
  }
}
