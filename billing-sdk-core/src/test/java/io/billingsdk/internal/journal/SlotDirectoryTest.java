package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class SlotDirectoryTest {
  @TempDir private Path home;

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

  private static DurableJournal journal(Path root) {
    return DurableJournal.in(
        root, 64 << 20, Duration.ZERO, /* minFreeBytes= */ 0, false, Clock.system());
  }

  @Test
  void isOpenToAll_writableByEverybody_isTrueUnlessSticky() {
    assertThat(SlotDirectory.isOpenToAll(040777)).isTrue();
    assertThat(SlotDirectory.isOpenToAll(041777)).isFalse();
    assertThat(SlotDirectory.isOpenToAll(042775)).isFalse();
    assertThat(SlotDirectory.isOpenToAll(040700)).isFalse();
  }

  /** Volumes of containers are so: the start failed. */
  @Test
  void start_rootWritableByEverybody_isToldAndWhatIsMadeIsForUsOnly() throws IOException {
    Path root = Files.createDirectory(home.resolve("journal"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    DurableJournal journal = journal(root);
    journal.start();
    assertThat(journal.append(new byte[1])).isInstanceOf(EventJournal.Appended.class);
    assertThat(journal.release(Duration.ofSeconds(30))).isZero();
    assertThat(logged.list)
        .filteredOn(event -> event.getLevel() == Level.WARN)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage, InstanceOfAssertFactories.STRING)
        .startsWith("every user can write to " + root + " (mode 777)");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("slot-00"))))
        .isEqualTo("rwx------");
  }

  /** Somebody takes the slot away while it is used. */
  @Test
  void create_slotBecomesALink_isRefused() throws IOException {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    Path slot = Files.createSymbolicLink(home.resolve("slot-00"), elsewhere);
    JournalFiles files = RealJournalFiles.INSTANCE;
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> files.create(slot.resolve("a")),
            () -> files.append(slot.resolve("a")),
            () -> files.open(slot.resolve("a")))) {
      assertThatThrownBy(call).hasMessage(slot + " is a symbolic link; a directory is expected");
    }
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void start_rootIsALinkToADirectoryOfOurs_isUsed() throws IOException {
    Path target = Files.createDirectory(home.resolve("volume"));
    Path root = Files.createSymbolicLink(home.resolve("journal"), target);
    DurableJournal journal = journal(root);
    journal.start();
    assertThat(journal.append(new byte[1])).isInstanceOf(EventJournal.Appended.class);
    assertThat(journal.release(Duration.ofSeconds(30))).isZero();
    assertThat(target.resolve("slot-00")).isDirectory();
  }

  /** Somebody has put a link in the place of the first slot. */
  @Test
  void start_slotIsALink_takesTheNextAndTouchesNothingBehindIt() throws IOException {
    Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
    Path root = Files.createDirectory(home.resolve("journal"));
    Files.createSymbolicLink(root.resolve("slot-00"), elsewhere);
    DurableJournal journal = journal(root);
    journal.start();
    assertThat(journal.append(new byte[1])).isInstanceOf(EventJournal.Appended.class);
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
