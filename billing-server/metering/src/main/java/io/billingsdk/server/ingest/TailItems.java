package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import io.billingsdk.server.tail.TailItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the live tail shows of a batch. */
final class TailItems {
  private TailItems() {}

  /** The counted and the refused events; repetitions are nothing new. */
  static List<TailItem> of(List<IncomingMessage> batch, List<IncomingEvent> entries) {
    List<TailItem> items = new ArrayList<>();
    for (IncomingEvent each : entries) {
      KeyOwner owner = each.owner();
      if (each.fate() == Fate.REJECTED) {
        items.add(rejected(each));
      } else if (each.fate() == Fate.COMMITTED && owner != null) {
        items.add(usage(each, (ReceivedEvent.Valid) each.event(), owner));
      }
    }
    for (IncomingMessage each : batch) {
      String why = each.malformed();
      if (why != null) {
        items.add(rejected(each.instance(), why));
      }
    }
    return items;
  }

  private static TailItem usage(
      IncomingEvent incomingEvent, ReceivedEvent.Valid event, KeyOwner owner) {
    return new TailItem.Usage(
        Instant.ofEpochMilli(event.timestampMillis()),
        incomingEvent.stream(),
        incomingEvent.seq(),
        incomingEvent.instance(),
        owner.app(),
        owner.keyId(),
        event.module(),
        event.model(),
        event.usage(),
        event.metadata(),
        DetailsOf.event(event),
        null);
  }

  private static TailItem rejected(IncomingEvent incomingEvent) {
    return new TailItem.Rejected(
        Instant.now(),
        incomingEvent.stream(),
        incomingEvent.seq(),
        incomingEvent.instance(),
        incomingEvent.code(),
        incomingEvent.detail());
  }

  private static TailItem rejected(@Nullable String instance, String why) {
    return new TailItem.Rejected(Instant.now(), null, 0, instance, "MALFORMED", why);
  }
}
