package io.billingsdk.server.ingest;

import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes the receipts of a batch: one for each instance and stream. */
final class Receipts {
  /** Whom to tell, and what. */
  record Addressed(String instance, Receipt receipt) {}

  private record Target(String instance, UUID stream) {}

  private Receipts() {}

  /** Of entries whose fate is settled; those without an instance get none. */
  static List<Addressed> of(List<IncomingEvent> entries) {
    Map<Target, List<IncomingEvent>> targets = new LinkedHashMap<>();
    Target last = null;
    List<IncomingEvent> its = new ArrayList<>();
    for (IncomingEvent incomingEvent : entries) {
      String instance = incomingEvent.instance();
      if (instance != null) {
        Target target = new Target(instance, incomingEvent.stream());
        // A message has one target: most events follow one of their own.
        if (!target.equals(last)) {
          its = targets.computeIfAbsent(target, any -> new ArrayList<>());
          last = target;
        }
        its.add(incomingEvent);
      }
    }
    return targets.entrySet().stream()
        .map(
            each ->
                new Addressed(each.getKey().instance(), receipt(each.getKey(), each.getValue())))
        .toList();
  }

  /** The answer to a batch without events. */
  static Addressed ofProbe(String instance) {
    return new Addressed(instance, new Receipt(UsageBatch.PROBE, List.of(), List.of(), List.of()));
  }

  private static Receipt receipt(Target target, List<IncomingEvent> entries) {
    return new Receipt(
        target.stream(),
        ranges(entries, Fate.COMMITTED),
        ranges(entries, Fate.DUPLICATE),
        entries.stream()
            .filter(
                incomingEvent ->
                    incomingEvent.fate() == Fate.REJECTED || incomingEvent.fate() == Fate.DEFERRED)
            .map(e -> new Receipt.Rejection(e.seq(), e.code(), e.isToBeSentAgain()))
            .distinct()
            .toList());
  }

  private static List<SeqRange> ranges(List<IncomingEvent> entries, Fate fate) {
    // Sorted as objects: of those repeats are dropped without a set of all.
    return SeqRange.covering(
        entries.stream()
            .filter(incomingEvent -> incomingEvent.fate() == fate)
            .map(IncomingEvent::seq)
            .sorted()
            .distinct()
            .toList());
  }
}
