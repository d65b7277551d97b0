package io.billingsdk.internal.keys;

import static io.billingsdk.internal.keys.KeyRecords.blocked;
import static io.billingsdk.internal.keys.KeyRecords.ok;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import io.billingsdk.protocol.KeyFeedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key table of one process answers in the next, without a broker. */
final class KeySnapshotWriterTest {
  private static final Duration STALENESS = Duration.ofMinutes(5);

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock();
  private final ManualScheduler scheduler = new ManualScheduler(clock);

  private @Nullable KeySnapshotWriter keeper;

  private KeyTable keep() {
    KeyTable table = new KeyTable(clock, STALENESS);
    keeper = new KeySnapshotWriter(table, directory, clock, scheduler, scheduler, STALENESS);
    table.feedUp();
    table.apply(
        new KeyFeedMessage(
            true, 7, 0, 1, 1, List.of(ok("sk-canary-1", 1), blocked("sk-canary-2", 2)), 0));
    requireNonNull(keeper).changed();
    scheduler.advance(Duration.ofSeconds(1));
    return table;
  }

  private KeyTable restored() {
    KeyTable table = new KeyTable(clock, STALENESS);
    new KeySnapshotWriter(table, directory, clock, scheduler, scheduler, STALENESS).restore();
    return table;
  }

  private Path file() {
    return directory.resolve("keys");
  }

  private static DenialReason denial(KeyTable table, String key) {
    return ((Denied) table.check(key)).reason();
  }

  @Test
  void restore_tableOfTheLastProcess_answersUntilItIsTooOld() {
    keep();
    clock.advance(STALENESS.minusSeconds(1));
    KeyTable table = restored();
    assertThat(table.check("sk-canary-1")).isInstanceOf(Allowed.class);
    assertThat(denial(table, "sk-canary-2")).isEqualTo(DenialReason.BLOCKED);
    assertThat(table.version()).isEqualTo(7);
    clock.advance(Duration.ofSeconds(2));
    assertThat(denial(table, "sk-canary-1")).isEqualTo(DenialReason.UNAVAILABLE);
    assertThat(denial(restored(), "sk-canary-1")).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void keep_whileTheTableIsCurrent_theTimeInTheFileGoesAlong() {
    keep();
    scheduler.advance(Duration.ofHours(1));
    assertThat(restored().check("sk-canary-1")).isInstanceOf(Allowed.class);
  }

  @Test
  void keep_afterTheFeedWasLost_theTimeInTheFileStandsStill() {
    KeyTable table = keep();
    table.feedDown();
    scheduler.advance(STALENESS.plusSeconds(1));
    assertThat(denial(restored(), "sk-canary-1")).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void file_always_isForItsOwnerAndHoldsNoKey() throws IOException {
    keep();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1)).doesNotContain("sk-canary");
    try (var files = Files.list(directory)) {
      assertThat(files).as("nothing half-written is left").containsExactly(file());
    }
  }

  @Test
  void restore_damagedAnywhere_isIgnored() throws IOException {
    keep();
    byte[] content = Files.readAllBytes(file());
    for (int at = 0; at < content.length; at += 7) {
      byte[] damaged = content.clone();
      damaged[at] ^= 0x10;
      Files.write(file(), damaged);
      KeyTable table = restored();
      assertThat(denial(table, "sk-canary-2"))
          .as("byte %d", at)
          .isEqualTo(DenialReason.UNAVAILABLE);
    }
    Files.write(file(), new byte[0]);
    assertThat(restored().loaded()).isFalse();
  }

  @Test
  void restore_fileFromTheFuture_isIgnored() {
    keep();
    clock.jumpWall(Duration.ofDays(-1));
    assertThat(denial(restored(), "sk-canary-1")).isEqualTo(DenialReason.UNAVAILABLE);
  }

  @Test
  void look_fileThatSomebodyHasRemoved_isWrittenAgain_alsoWithoutAFeed() throws IOException {
    KeyTable table = keep();
    table.feedDown();
    Files.delete(file());
    requireNonNull(keeper).look();
    scheduler.advance(Duration.ZERO);

    assertThat(restored().check("sk-canary-1")).isInstanceOf(Allowed.class);
    Files.delete(file());
    Files.delete(directory);
    requireNonNull(keeper).look();
    scheduler.advance(Duration.ZERO);
    assertThat(file()).doesNotExist();
    Files.createDirectory(directory);
    requireNonNull(keeper).look();
    scheduler.advance(Duration.ZERO);
    assertThat(file()).exists();
  }

  @Test
  void restore_noFile_isHarmless() {
    assertThat(restored().loaded()).isFalse();
  }
}
