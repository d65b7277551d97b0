package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An event as somebody sent it without MQTT, before it has a number here.
 *
 * @param reader makes it under a number
 * @param identity that the server made of its request, in place of an idempotency key of its own:
 *     it has a space in it, which no such key has; null for none
 * @param timed whether its sender said when it happened
 */
record SentEvent(LongFunction<ReceivedEvent> reader, @Nullable String identity, boolean timed) {
  /** An event that has no other identity than its own key, if it has one. */
  public static SentEvent of(LongFunction<ReceivedEvent> reader, boolean timed) {
    return new SentEvent(reader, null, timed);
  }

  /** The event under a number. */
  public ReceivedEvent numbered(long seq) {
    ReceivedEvent event = reader.apply(seq);
    return identity != null && event instanceof ReceivedEvent.Valid valid
        ? identified(valid, identity)
        : event;
  }

  /** The same event with an identity that the server made. */
  static ReceivedEvent.Valid identified(ReceivedEvent.Valid event, String identity) {
    return event.withIdempotencyKey(identity);
  }
}
