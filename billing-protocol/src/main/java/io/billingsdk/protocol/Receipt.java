package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The outcome of events of one stream, which the billing system sends after its commit. Nothing
 * else frees a journal.
 *
 * @param stream the stream of all its numbers
 * @param committed are in the ledger now
 * @param duplicates were there before
 * @param rejected will not be there
 */
public record Receipt(
    UUID stream, List<SeqRange> committed, List<SeqRange> duplicates, List<Rejection> rejected) {

  /** The lists are copied. */
  public Receipt {
    committed = List.copyOf(committed);
    duplicates = List.copyOf(duplicates);
    rejected = List.copyOf(rejected);
  }

  /**
   * An event that was refused.
   *
   * @param code why, for machines; of {@code A-Z} and {@code _}
   * @param retryable whether it may be taken later; if not, it never will
   */
  public record Rejection(long seq, String code, boolean retryable) {}

  /** The message. */
  public byte[] encode() {
    return Json.object(
        json -> {
          json.writeStringField("stream", stream.toString());
          SeqRange.write(json, "committed", committed);
          SeqRange.write(json, "duplicates", duplicates);
          json.writeArrayFieldStart("rejected");
          for (Rejection rejection : rejected) {
            json.writeStartObject();
            json.writeNumberField("seq", rejection.seq());
            json.writeStringField("code", rejection.code());
            json.writeBooleanField("retryable", rejection.retryable());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** Reads a receipt. */
  public static Receipt decode(byte[] message) throws MalformedMessageException {
    JsonNode root = Json.readObject(message);
    List<Rejection> rejected = new ArrayList<>();
    for (JsonNode node : root.path("rejected")) {
      JsonNode code = node.path("code");
      long seq = UsageBatch.seq(node);
      if (seq == 0 || !code.isTextual() || code.textValue().length() > Bounds.NAME_CHARS) {
        throw new MalformedMessageException("rejected must be a list of seq, code and retryable");
      }
      // Without a word on it the event stays: to throw it out takes a clear no.
      rejected.add(new Rejection(seq, code.textValue(), node.path("retryable").asBoolean(true)));
    }
    return new Receipt(
        UsageBatch.stream(root),
        SeqRange.read(root, "committed"),
        SeqRange.read(root, "duplicates"),
        rejected);
  }
}
