package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.billingsdk.internal.journal.SegmentReader.Damage;
import io.billingsdk.internal.journal.SegmentReader.Valid;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Mutated segments, acknowledgement files and names: no exception, no hang, no memory beyond the
 * bound, and nothing valid that was never written. It knows what was written, which those that look
 * for new inputs do not: {@link SegmentReaderFuzzTest} and its like.
 *
 * <p>{@code -Djournal.mutations.seconds=60}, {@code -Djournal.fuzz.seed=1}.
 */
@Tag("fuzz")
@ExtendWith(QuietJournal.class)
final class JournalFuzzTest {
  private static final long SECONDS = Long.getLong("journal.mutations.seconds", 5);
  private static final long SEED = Long.getLong("journal.fuzz.seed", 1);
  private static final UUID STREAM = new UUID(0x0123456789ab4defL, 0x8123456789abcdefL);
  private static final int RECORDS = 12;
  private static final int OVERHEAD_BYTES = 512 << 10;

  private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long valid;

  @Test
  void reading_mutatedBytes_neverFailsNorHangsNorAllocatesWithoutBound() throws IOException {
    long begin = System.nanoTime();
    long inputs = 0;
    long worstNanos = 0;
    byte[] segment = segment();
    byte[] acks = acks();
    while (System.nanoTime() - begin < SECONDS * 1_000_000_000L) {
      long seed = SEED + inputs;
      Random random = new Random(seed * 0x9E3779B97F4A7C15L);
      long start = System.nanoTime();
      try {
        readSegment(FuzzMutations.segment(segment, STREAM, random));
        readAcks(FuzzMutations.any(acks, random));
        parseNames(random);
      } catch (RuntimeException | AssertionError violation) {
        throw new AssertionError("seed " + seed, violation);
      }
      worstNanos = Math.max(worstNanos, System.nanoTime() - start);
      inputs++;
    }
    assertThat(worstNanos).as("hang").isLessThan(5_000_000_000L);
    assertThat(valid).as("the mutations leave something to read").isPositive();
    Proof.sized("journal-fuzz", SECONDS, 60)
        .with("engine", "seeded-mutations")
        .with("inputs", inputs)
        .with("seconds", SECONDS)
        .with("crashes", 0)
        .with("seed", SEED)
        .with("worst_ms", worstNanos / 1_000_000)
        .print();
  }

  private static byte[] body(long seq) {
    byte[] body = new byte[(int) (seq * seq * 3)];
    new Random(seq).nextBytes(body);
    return body;
  }

  private static byte[] segment() {
    ByteBuffer bytes = SegmentFormat.allocate(16 << 10);
    bytes.put(SegmentFormat.header(STREAM, 1, 1_700_000_000_000L));
    for (long seq = 1; seq <= RECORDS; seq++) {
      SegmentFormat.putRecord(bytes, STREAM, seq, SegmentFormat.EVENT, body(seq));
    }
    byte[] segment = new byte[bytes.position()];
    bytes.get(0, segment);
    return segment;
  }

  private static byte[] acks() {
    ByteBuffer acks = AckFile.buffer(20);
    for (long i = 1; i <= 20; i++) {
      AckFile.put(acks, STREAM, i * 10, i * 10 + 5);
    }
    byte[] content = new byte[acks.position()];
    acks.get(0, content);
    return content;
  }

  private void readSegment(byte[] content) throws IOException {
    checkAllocation(content);
    long at = SegmentFormat.HEADER_BYTES;
    try (SegmentReader reader = new SegmentReader(new BytesInput(content), STREAM)) {
      reader.header();
      for (SegmentReader.Item item = reader.next(Long.MAX_VALUE);
          item != null;
          item = reader.next(Long.MAX_VALUE)) {
        assertThat(reader.position()).as("it moves on").isGreaterThan(at);
        at = check(item, at, reader.position());
      }
    }
    assertThat(at).isGreaterThanOrEqualTo(Math.min(content.length, SegmentFormat.HEADER_BYTES));
  }

  private void checkAllocation(byte[] content) throws IOException {
    long before = memory.getCurrentThreadAllocatedBytes();
    try (SegmentReader reader = new SegmentReader(new BytesInput(content), STREAM)) {
      while (reader.next(Long.MAX_VALUE) != null) {
        // Only to see what it costs.
      }
    }
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    if (allocated > OVERHEAD_BYTES + 40L * content.length) {
      throw new AssertionError(allocated + " bytes allocated for " + content.length);
    }
  }

  private long check(SegmentReader.Item item, long from, long to) {
    if (item instanceof Damage damage) {
      assertThat(damage.offset()).as("nothing is left out").isEqualTo(from);
      assertThat((long) damage.bytes().length).isEqualTo(to - from);
      assertThat(damage.bytes().length)
          .isLessThanOrEqualTo(SegmentFormat.MAX_BODY_BYTES + SegmentFormat.RECORD_HEADER_BYTES);
    } else if (item instanceof Valid found) {
      valid++;
      assertThat(found.seq()).isBetween(1L, (long) RECORDS);
      assertThat(found.body()).as("as it was written").isEqualTo(body(found.seq()));
    }
    return to;
  }

  private static void readAcks(byte[] content) throws IOException {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    disk.put("/a.ack", content);
    AckedRanges settled = new AckedRanges();
    AckFile.read(new SimulatedFiles(disk), Path.of("/a.ack"), STREAM, settled);
    for (long seq : new long[] {0, 9, 16, 206, Long.MAX_VALUE}) {
      assertThat(settled.contains(seq)).as("never settled: %s", seq).isFalse();
    }
  }

  private static void parseNames(Random random) {
    String name = new SegmentName(random.nextInt(100), STREAM).wal();
    byte[] mutated = FuzzMutations.any(name.getBytes(StandardCharsets.ISO_8859_1), random);
    String text = new String(mutated, StandardCharsets.ISO_8859_1);
    Optional<SegmentName> parsed = SegmentName.parse(text);
    parsed.ifPresent(found -> assertThat(found.wal()).isEqualTo(text));
    SegmentName.parseAck(text).ifPresent(found -> assertThat(found.ack()).isEqualTo(text));
  }
}
