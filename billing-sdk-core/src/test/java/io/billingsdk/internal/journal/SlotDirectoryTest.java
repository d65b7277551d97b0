package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Somebody has put a link in the place of the first slot. */
  @Test
  void start_slotIsALink_takesTheNextAndTouchesNothingBehindIt() throws IOException {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    Path root = Files.createDirectory(home.resolve("journal"));
    Files.createSymbolicLink(root.resolve("slot-00"), elsewhere);
    DurableJournal journal =
        DurableJournal.in(
            root, 64 << 20, Duration.ZERO, /* minFreeBytes= */ 0, false, Clock.system());
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
