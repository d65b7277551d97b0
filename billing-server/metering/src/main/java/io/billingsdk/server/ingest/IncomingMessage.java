package io.billingsdk.server.ingest;

import io.billingsdk.server.broker.HeldMessage;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message and its events, which are of one stream.
 *
 * @param topic that it came on
 * @param bytes of its payload, as it came
 * @param instance the receiver of receipts; null for protocol v1
 * @param entries empty when the message as a whole was malformed
 * @param malformed why nothing could be read from it; null when it could
 * @param repeated whether the broker delivers it again until it is acknowledged
 * @param confirmation settles it; to be run in the end, whatever became of it
 * @param message that it was read from; null when it came without MQTT
 * @param sender whose it is
 * @param readBytes that were read of it, expanded
 */
record IncomingMessage(
    String topic,
    int bytes,
    @Nullable String instance,
    List<IncomingEvent> entries,
    @Nullable String malformed,
    boolean repeated,
    Runnable confirmation,
    @Nullable HeldMessage message,
    Sender sender,
    int readBytes)
    implements Waiting {
  /** What a message costs a lane beside its bytes: the objects, the answer, the receipt. */
  private static final int MESSAGE_COST = 1_024;

  /** What an event costs beside its bytes: rows of two tables, and of an index. */
  private static final int EVENT_COST = 128;

  /** One that came without MQTT: its sender waits. */
  IncomingMessage(
      String topic,
      int bytes,
      @Nullable String instance,
      List<IncomingEvent> entries,
      @Nullable String malformed,
      boolean repeated,
      Runnable confirmation) {
    this(
        topic,
        bytes,
        instance,
        entries,
        malformed,
        repeated,
        confirmation,
        null,
        new Sender(instance == null ? topic : instance, 0),
        bytes);
  }

  /** The same of another sender. */
  IncomingMessage from(Sender whom) {
    return new IncomingMessage(
        topic,
        bytes,
        instance,
        entries,
        malformed,
        repeated,
        confirmation,
        message,
        whom,
        readBytes);
  }

  /** The same, which also leaves a place of it when it is settled. */
  IncomingMessage thenLeaving(Runnable leave) {
    return new IncomingMessage(
        topic,
        bytes,
        instance,
        entries,
        malformed,
        repeated,
        () -> {
          leave.run();
          confirmation.run();
        },
        message,
        sender,
        readBytes);
  }

  /** The stream of its events; null when it has none. */
  @Nullable UUID stream() {
    return entries.isEmpty() ? null : entries.get(0).stream();
  }

  /** What it takes of its sender's share, in bytes. */
  long cost() {
    return MESSAGE_COST + readBytes + (long) EVENT_COST * entries.size();
  }

  /** Whether somebody waits until it is stored: then the lane does not wait for more. */
  boolean isAwaited() {
    return message == null || message.isAwaited();
  }

  @Override
  public boolean isGone() {
    return message != null && message.isGone();
  }

  /** Only of protocol v2: what sends v1 may take any PUBACK for a success. */
  @Override
  public boolean refuse() {
    return instance != null && message != null && message.refuse();
  }

  @Override
  public void answer() {
    if (message != null) {
      message.answer();
    }
  }

  @Override
  public IncomingMessage read() {
    return this;
  }

  /** Whether it only asks whether events would be stored: an empty batch. */
  boolean isProbe() {
    return instance != null && entries.isEmpty() && malformed == null;
  }
}
