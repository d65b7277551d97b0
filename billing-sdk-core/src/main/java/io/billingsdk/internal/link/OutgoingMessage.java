package io.billingsdk.internal.link;

/** A message to publish. Its payload is not copied. */
public final class OutgoingMessage {
  private final String topic;
  private final byte[] payload;
  private final boolean compressed;

  private OutgoingMessage(String topic, byte[] payload, boolean compressed) {
    this.topic = topic;
    this.payload = payload;
    this.compressed = compressed;
  }

  /** JSON as it is. */
  public static OutgoingMessage plain(String topic, byte[] json) {
    return new OutgoingMessage(topic, json, /* compressed= */ false);
  }

  /** JSON that was compressed with gzip, which is announced to the receiver. */
  public static OutgoingMessage compressed(String topic, byte[] gzip) {
    return new OutgoingMessage(topic, gzip, /* compressed= */ true);
  }

  /** Where to. */
  public String topic() {
    return topic;
  }

  /** The bytes to send; not to be changed. */
  public byte[] payload() {
    return payload;
  }

  /** Whether the payload is compressed. */
  public boolean isCompressed() {
    return compressed;
  }

  @Override
  public String toString() {
    return "OutgoingMessage[topic=" + topic + ", bytes=" + payload.length + "]";
  }
}
