package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rejected event as it was kept, ready to be stored.
 *
 * @param entry null when it cannot be made
 * @param whyNot empty when there is an entry
 */
record StoredRejection(@Nullable IncomingEvent entry, String whyNot) {

  /**
   * Reads what was kept.
   *
   * @param offsetMillis the amount added to its time
   */
  static StoredRejection of(RejectedEvent rejected, long offsetMillis) {
    UUID stream = rejected.stream();
    if (stream == null) {
      return not("it is a whole message that could not be read: its events have no identity here");
    }
    ObjectNode kept = RejectedEventJson.event(rejected.content()).orElse(null);
    if (kept == null) {
      return not("its kept content was cut off, or is not an event");
    }
    if (RejectedEventJson.isMasked(kept)) {
      return not("the key that it named was not kept");
    }
    RejectedEventJson.move(kept, offsetMillis);
    ReceivedEvent event = RejectedEventJson.read(rejected.seq(), kept);
    return new StoredRejection(new IncomingEvent(stream, rejected.instance(), event), "");
  }

  private static StoredRejection not(String why) {
    return new StoredRejection(null, why);
  }
}
