package io.billingsdk.internal.client;

import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.journal.DroppedRange;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalFigures;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.SeqRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes the signs of life of protocol v2. */
final class HelloFactory {
  private final EventJournal journal;
  private final KeyTable keys;
  private final Intake intake;
  private final Clock clock;
  private final boolean onDisk;
  private final StreamSecrets secrets;

  HelloFactory(
      EventJournal journal,
      KeyTable keys,
      Intake intake,
      Clock clock,
      boolean onDisk,
      StreamSecrets secrets) {
    this.journal = journal;
    this.keys = keys;
    this.intake = intake;
    this.clock = clock;
    this.onDisk = onDisk;
    this.secrets = secrets;
  }

  Hello make(boolean keysWanted) {
    // Before the figures: a number in the message must be among the accepted ones.
    long lastSeq = journal.mark();
    JournalFigures figures = journal.figures();
    long rejected = intake.rejected().values().stream().mapToLong(Long::longValue).sum();
    UUID stream = journal.stream();
    return new Hello(
        SdkVersion.CURRENT,
        clock.wallMillis(),
        stream,
        lastSeq,
        keys.version(),
        keysWanted,
        new Hello.LossEquation(
            figures.appended(),
            figures.acknowledged(),
            figures.pending(),
            figures.deadLettered(),
            figures.dropped(),
            rejected),
        new Hello.JournalState(
            onDisk,
            figures.bytes(),
            figures.segments(),
            figures.quarantined(),
            figures.oldestMillis() == 0 ? null : figures.oldestMillis()),
        dropped(),
        secrets.of(stream));
  }

  private List<Hello.Dropped> dropped() {
    Map<UUID, List<SeqRange>> byStream = new LinkedHashMap<>();
    for (DroppedRange range : journal.dropped()) {
      byStream
          .computeIfAbsent(range.stream(), stream -> new ArrayList<>())
          .add(new SeqRange(range.first(), range.last()));
    }
    return byStream.entrySet().stream()
        .map(each -> new Hello.Dropped(each.getKey(), each.getValue(), secrets.of(each.getKey())))
        .toList();
  }
}
