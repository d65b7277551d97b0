package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message of {@code billing/report}, as a billing system reads it.
 *
 * @param stream null when the producer numbers nothing, as the Python SDK: a repeat of it cannot be
 *     recognised
 * @param event its {@code seq} is 0 when {@code stream} is null
 */
public record V1Message(@Nullable UUID stream, ReceivedEvent event) {

  /**
   * Reads a report.
   *
   * @throws MalformedMessageException when it is not a JSON object, or has one of {@code stream}
   *     and {@code seq} without the other
   */
  public static V1Message decode(byte[] message) throws MalformedMessageException {
    JsonNode root = Json.readExactly(message);
    if (!root.has("stream") && !root.has("seq")) {
      return new V1Message(null, EventReader.read(0, root));
    }
    long seq = UsageBatch.seq(root);
    if (seq == 0) {
      throw new MalformedMessageException("seq must be a number from 1");
    }
    return new V1Message(UsageBatch.stream(root), EventReader.read(seq, root));
  }
}
