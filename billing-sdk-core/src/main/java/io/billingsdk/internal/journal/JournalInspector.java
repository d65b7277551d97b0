package io.billingsdk.internal.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a journal's directory without changing it, whether its process is alive or dead. Of a
 * living one it shows what was in the files at that moment.
 */
public final class JournalInspector {
  private final JournalFiles files = JournalFiles.real();
  private final Path root;

  /** An inspector of one directory. */
  public JournalInspector(Path root) {
    this.root = root;
  }

  /**
   * A slot.
   *
   * @param inUse whether a living process has it
   * @param quarantined files in quarantine
   * @param deadLetters events that were refused for good
   * @param retained segments: all their events are delivered
   * @param retainedBytes their bytes
   * @param notTrusted why no journal uses it, and nothing in it was looked at; null when it is used
   */
  public record SlotReport(
      String name,
      boolean inUse,
      List<SegmentReport> segments,
      int quarantined,
      int deadLetters,
      int retained,
      long retainedBytes,
      @Nullable String notTrusted) {

    private static SlotReport notTrusted(String name, String why) {
      return new SlotReport(name, /* inUse= */ false, List.of(), 0, 0, 0, 0, why);
    }
  }

  /**
   * A segment.
   *
   * @param created null when its header is damaged
   * @param formatVersion of its header; 0 when that is damaged
   * @param damaged pieces that are no valid record
   */
  public record SegmentReport(
      String file,
      UUID stream,
      @Nullable Instant created,
      int formatVersion,
      long bytes,
      long firstSeq,
      long lastSeq,
      long records,
      long settled,
      long damaged) {

    /** Whether its format is newer than this code, so that only its size is known. */
    public boolean isNewer() {
      return formatVersion > SegmentFormat.VERSION;
    }

    /** Records that are still to be delivered. */
    public long pending() {
      return records - settled;
    }
  }

  /** A record, with whether it was settled. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Stored(UUID stream, long seq, byte[] body, boolean settled) {}

  /** All slots, by name; empty when there is no journal. */
  public List<SlotReport> inspect() throws IOException {
    List<SlotReport> slots = new ArrayList<>();
    for (Path slot : slots()) {
      String why = whyNotTrusted(slot);
      slots.add(
          why == null
              ? report(slot)
              : SlotReport.notTrusted(String.valueOf(slot.getFileName()), why));
    }
    return slots;
  }

  private SlotReport report(Path slot) throws IOException {
    List<SegmentReport> segments = new ArrayList<>();
    for (SegmentName name : Slot.segments(files, slot)) {
      segments.add(report(slot, name));
    }
    List<Path> retained = retained(slot);
    return new SlotReport(
        String.valueOf(slot.getFileName()),
        isInUse(slot),
        segments,
        files.list(slot.resolve("quarantine")).size(),
        files.list(slot.resolve(DeadLetters.DIRECTORY)).size(),
        retained.size(),
        bytes(retained),
        /* notTrusted= */ null);
  }

  private List<Path> retained(Path slot) throws IOException {
    Path directory = slot.resolve(RetainedSegments.DIRECTORY);
    return files.list(directory).stream()
        .filter(name -> RetainedName.parse(name).isPresent())
        .map(directory::resolve)
        .toList();
  }

  private long bytes(List<Path> segments) throws IOException {
    long bytes = 0;
    for (Path segment : segments) {
      try (JournalFiles.Input input = files.open(segment)) {
        bytes += input.bytes();
      } catch (NoSuchFileException gone) {
        // Deleted, or brought back, by its process meanwhile.
      }
    }
    return bytes;
  }

  /** A link may lead anywhere: its target is not shown as if it were of this journal. */
  private static @Nullable String whyNotTrusted(Path slot) {
    try {
      SlotDirectory.check(slot);
      return null;
    } catch (IOException why) {
      return why.getMessage();
    }
  }

  /** Every valid record, slot by slot, in the order in which they were written. */
  public void forEach(Consumer<Stored> consumer) throws IOException {
    for (Path slot : slots()) {
      if (whyNotTrusted(slot) != null) {
        continue;
      }
      for (SegmentName name : Slot.segments(files, slot)) {
        AckedRanges settled = settled(slot, name);
        read(
            slot,
            name,
            item -> {
              if (item instanceof SegmentReader.Valid valid
                  && valid.type() == SegmentFormat.EVENT) {
                consumer.accept(
                    new Stored(
                        name.stream(), valid.seq(), valid.body(), settled.contains(valid.seq())));
              }
            });
      }
    }
  }

  private AckedRanges settled(Path slot, SegmentName name) throws IOException {
    AckedRanges settled = new AckedRanges();
    AckFile.read(files, slot.resolve(name.ack()), name.stream(), settled);
    return settled;
  }

  private List<Path> slots() throws IOException {
    return files.list(root).stream()
        .filter(name -> name.matches("slot-\\d{2}"))
        .map(root::resolve)
        .toList();
  }

  private SegmentReport report(Path slot, SegmentName name) throws IOException {
    AckedRanges settled = settled(slot, name);
    FileCounts counts = new FileCounts(settled);
    read(slot, name, counts);
    try (SegmentReader reader =
        new SegmentReader(files.open(slot.resolve(name.wal())), name.stream())) {
      SegmentFormat.Header header = reader.header();
      return new SegmentReport(
          name.wal(),
          name.stream(),
          header == null ? null : Instant.ofEpochMilli(header.createdMillis()),
          header == null ? 0 : header.version(),
          reader.bytes(),
          counts.firstSeq,
          counts.lastSeq,
          counts.records,
          counts.settledRecords,
          counts.damaged);
    }
  }

  private void read(Path slot, SegmentName name, Consumer<SegmentReader.Item> consumer)
      throws IOException {
    try (SegmentReader reader =
        new SegmentReader(files.open(slot.resolve(name.wal())), name.stream())) {
      SegmentFormat.Header header = reader.header();
      if (header != null && header.version() > SegmentFormat.VERSION) {
        return; // Its records would look like damage.
      }
      for (SegmentReader.Item item = reader.next(Long.MAX_VALUE);
          item != null;
          item = reader.next(Long.MAX_VALUE)) {
        consumer.accept(item);
      }
    }
  }

  /** A process that starts in this very moment may find the slot taken, and takes the next. */
  private boolean isInUse(Path slot) throws IOException {
    if (!files.list(slot).contains(Slot.LOCK)) {
      return false;
    }
    try (Closeable lock = files.tryLock(slot.resolve(Slot.LOCK))) {
      return lock == null;
    }
  }

  private static final class FileCounts implements Consumer<SegmentReader.Item> {
    private final AckedRanges settled;
    private long firstSeq;
    private long lastSeq;
    private long records;
    private long settledRecords;
    private long damaged;

    private FileCounts(AckedRanges settled) {
      this.settled = settled;
    }

    @Override
    public void accept(SegmentReader.Item item) {
      if (item instanceof SegmentReader.Damage damage) {
        damaged += damage.isEmptySpace() ? 0 : 1;
      } else if (item instanceof SegmentReader.Valid valid && valid.type() == SegmentFormat.EVENT) {
        firstSeq = records == 0 ? valid.seq() : firstSeq;
        lastSeq = valid.seq();
        records++;
        settledRecords += settled.contains(valid.seq()) ? 1 : 0;
      }
    }
  }
}
