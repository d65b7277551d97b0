package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Files of version 1, as they were written once, and of versions that are not known here. */
final class JournalFormatTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LoggerNames.BUFFER);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream stream = JournalFormatTest.class.getResourceAsStream("/journal-v1/" + name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    }
  }

  @Test
  void writing_sameRecordsAsTheGoldenFiles_givesTheSameBytes() throws IOException {
    for (Map.Entry<String, byte[]> made : GoldenFiles.make().entrySet()) {
      assertThat(made.getValue()).as(made.getKey()).isEqualTo(golden(made.getKey()));
    }
    assertThat(GoldenFiles.make()).hasSize(3);
  }

  @Test
  void opening_goldenFiles_handsOutWhatIsNotSettled() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    for (String name : GoldenFiles.make().keySet()) {
      disk.put(Recovery.SLOT + name, golden(name));
    }
    Recovery found = Recovery.of(disk);
    assertThat(found.records())
        .extracting(r -> r.stream() + " " + r.seq())
        .containsExactly(
            GoldenFiles.SEALED + " 1",
            GoldenFiles.SEALED + " 3",
            GoldenFiles.UNSEALED + " 1",
            GoldenFiles.UNSEALED + " 2");
    assertThat(found.records())
        .allSatisfy(r -> assertThat(r.body()).isEqualTo(GoldenFiles.body((int) r.seq())));
    assertThat(found.view().quarantined()).isZero();
    assertThat(found.segmentsLeft()).isEmpty();
  }

  @Test
  void opening_newerFormat_leavesTheSegmentAndSaysSo() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    for (String name : GoldenFiles.make().keySet()) {
      boolean changed = name.contains(GoldenFiles.SEALED.toString()) && name.endsWith(".wal");
      disk.put(Recovery.SLOT + name, changed ? version2(golden(name)) : golden(name));
    }
    String path = disk.paths(GoldenFiles.SEALED + ".wal").get(0);
    byte[] before = disk.content(path);
    SimulatedProcess process = new SimulatedProcess(disk, Recovery.OPTIONS, new ManualClock());
    process.open();
    for (int i = 0; i < 3; i++) {
      process.settleDown();
      process.advance(java.time.Duration.ofSeconds(31));
    }
    assertThat(process.view().unreadable()).isEqualTo(1);
    assertThat(process.view().unreadableBytes()).isEqualTo(before.length);
    assertThat(process.recovered()).isEqualTo(2);
    process.close();
    assertThat(disk.content(path)).isEqualTo(before);
    assertThat(disk.paths(GoldenFiles.SEALED + ".ack")).hasSize(1);
    assertThat(disk.paths(".bin")).isEmpty();
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(text -> text.contains("its format has version 2; this code reads version 1"))
        .hasSize(1);
  }

  @Test
  void inspecting_newerFormat_showsItsVersionAndNoDamage(@TempDir Path root) throws IOException {
    Path slot = Files.createDirectories(root.resolve("slot-00"));
    String name =
        GoldenFiles.make().keySet().stream()
            .filter(file -> file.endsWith(GoldenFiles.SEALED + ".wal"))
            .findFirst()
            .orElseThrow();
    Files.write(slot.resolve(name), version2(golden(name)));
    JournalInspector inspector = new JournalInspector(root);
    JournalInspector.SegmentReport report = inspector.inspect().get(0).segments().get(0);
    assertThat(report.isNewer()).isTrue();
    assertThat(report.formatVersion()).isEqualTo(2);
    assertThat(report.damaged()).isZero();
    assertThat(report.records()).isZero();
    inspector.forEach(stored -> fail("%s was read as if its format were known", stored));
  }

  private static byte[] version2(byte[] segment) {
    ByteBuffer header =
        ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) 2);
    CRC32C crc = new CRC32C();
    crc.update(segment, 0, 60);
    header.putInt(60, (int) crc.getValue());
    return segment;
  }
}
