package io.billingsdk.internal.delivery;

import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.OutgoingMessage;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.Presence;

/** How large batches may be, and the messages that carry them. Stateless. */
final class BatchMessages {
  /** Beside topic and payload: fixed header, packet id, properties. */
  private static final int PACKET_OVERHEAD_BYTES = 128;

  /** Below this, compression costs more than it saves. */
  private static final int LEAST_COMPRESSED_BYTES = 1_024;

  private final String topic;

  /** Messages to a topic. */
  BatchMessages(String topic) {
    this.topic = topic;
  }

  /**
   * The bounds of a batch, given those of the broker and of the billing system. As expanded it must
   * be within the bounds of the presence, as sent within the broker's.
   */
  BatchFormer.Limits limits(LinkLimits link, Presence presence) {
    int most =
        Math.min(
            link.maximumPacketBytes() - topic.length() - PACKET_OVERHEAD_BYTES,
            presence.maxBatchBytes());
    return new BatchFormer.Limits(
        Math.min(DeliverySettings.BATCH_EVENTS, presence.maxBatchEvents()),
        Math.min(DeliverySettings.BATCH_BYTES, most),
        most);
  }

  /** The message, compressed if that pays. */
  OutgoingMessage pack(byte[] json) {
    if (json.length >= LEAST_COMPRESSED_BYTES) {
      byte[] compressed = Gzip.compress(json);
      if (compressed.length < json.length - json.length / 8) {
        return OutgoingMessage.compressed(topic, compressed);
      }
    }
    return OutgoingMessage.plain(topic, json);
  }
}
