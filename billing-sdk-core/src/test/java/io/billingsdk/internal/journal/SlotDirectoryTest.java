package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SlotDirectoryTest {
  @TempDir private Path home;

  @Test
  void check_ownDirectory_isTaken() {
    assertThatCode(() -> SlotDirectory.check(home)).doesNotThrowAnyException();
  }

  @Test
  void check_symbolicLink_isRefused() throws IOException {
    Path link = Files.createSymbolicLink(home.resolve("link"), home);
    assertThatThrownBy(() -> SlotDirectory.check(link))
        .isInstanceOf(IOException.class)
        .hasMessage(link + " is a symbolic link; a directory is expected");
  }

  @Test
  void checkOwner_anotherUser_isRefusedUnlessOneOfThemIsRoot() {
    assertThatThrownBy(() -> SlotDirectory.checkOwner(home, 1000, 1001))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to the user with id 1001; it must belong")
        .hasMessageEndingWith("1000");
    assertThatCode(
            () -> {
              SlotDirectory.checkOwner(home, 1000, 1000);
              SlotDirectory.checkOwner(home, 1000, 0);
              SlotDirectory.checkOwner(home, 0, 1000);
            })
        .doesNotThrowAnyException();
  }

  private static DurableJournal journal(Path root) {
    return DurableJournal.in(
        root, 64 << 20, Duration.ZERO, /* minFreeBytes= */ 0, false, Clock.system());
  }

  @Test
  void checkMode_writableByEverybody_isRefusedUnlessSticky() {
    assertThatThrownBy(() -> SlotDirectory.checkMode(home, 040777))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(home + " may be written by everybody (mode 777)")
        .hasMessageContaining("expected is a directory that others cannot write to (chmod o-w)");
    assertThatCode(
            () -> {
              SlotDirectory.checkMode(home, 041777);
              SlotDirectory.checkMode(home, 042775);
              SlotDirectory.checkMode(home, 040700);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void start_rootWritableByEverybody_isRefusedAndNothingIsMadeInIt() throws IOException {
    Path root = Files.createDirectory(home.resolve("journal"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> journal(root).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(root + " cannot be used")
        .hasMessageContaining("may be written by everybody (mode 777)");
    try (Stream<Path> made = Files.list(root)) {
      assertThat(made).isEmpty();
    }
  }

  @Test
  void start_rootIsALinkToADirectoryOfOurs_isUsed() throws IOException {
    Path target = Files.createDirectory(home.resolve("volume"));
    Path root = Files.createSymbolicLink(home.resolve("journal"), target);
    DurableJournal journal = journal(root);
    journal.start();
    assertThat(journal.append(new byte[1])).isInstanceOf(Journal.Appended.class);
    assertThat(journal.release(Duration.ofSeconds(30))).isZero();
    assertThat(target.resolve("slot-00")).isDirectory();
  }

  @Test
  void start_rootIsALinkToADirectoryForEverybody_isRefused() throws IOException {
    Path target = Files.createDirectory(home.resolve("volume"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path root = Files.createSymbolicLink(home.resolve("journal"), target);
    assertThatThrownBy(() -> journal(root).start())
        .hasMessageContaining(target + " may be written by everybody");
  }

  /** Somebody has put a link in the place of the first slot. */
  @Test
  void start_slotIsALink_takesTheNextAndTouchesNothingBehindIt() throws IOException {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    Path root = Files.createDirectory(home.resolve("journal"));
    Files.createSymbolicLink(root.resolve("slot-00"), elsewhere);
    DurableJournal journal = journal(root);
    journal.start();
    assertThat(journal.append(new byte[1])).isInstanceOf(Journal.Appended.class);
    journal.release(Duration.ofSeconds(30));
    try (Stream<Path> touched = Files.list(elsewhere)) {
      assertThat(touched).isEmpty();
    }
    assertThat(new JournalInspector(root).inspect())
        .filteredOn(slot -> slot.segments().size() == 1)
        .extracting(JournalInspector.SlotReport::name)
        .containsExactly("slot-01");
  }
}
