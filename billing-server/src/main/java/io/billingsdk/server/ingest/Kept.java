package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ledger.Refused.Rejected;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rejected event as it was kept, ready to be stored.
 *
 * @param entry null when it cannot be made
 * @param whyNot empty when there is an entry
 */
record Kept(@Nullable Entry entry, String whyNot) {

  /**
   * Reads what was kept.
   *
   * @param offsetMillis what is added to its time
   */
  static Kept of(Rejected rejected, long offsetMillis) {
    UUID stream = rejected.stream();
    if (stream == null) {
      return not("it is a whole message that could not be read: its events have no identity here");
    }
    ObjectNode kept = KeptEvents.event(rejected.content()).orElse(null);
    if (kept == null) {
      return not("what was kept of it was cut off, or is no event");
    }
    if (KeptEvents.isMasked(kept)) {
      return not("the key that it named was not kept");
    }
    KeptEvents.move(kept, offsetMillis);
    ReceivedEvent event = KeptEvents.read(rejected.seq(), kept);
    return new Kept(new Entry(stream, rejected.instance(), event), "");
  }

  private static Kept not(String why) {
    return new Kept(null, why);
  }
}
