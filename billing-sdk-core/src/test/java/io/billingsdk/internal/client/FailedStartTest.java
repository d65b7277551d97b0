package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingException;
import io.billingsdk.ConnectionState;
import io.billingsdk.DrainReport;
import io.billingsdk.testbed.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start that fails leaves no thread and holds no file, so that the next one can have them. */
@Timeout(60)
final class FailedStartTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Set<Thread> before = Thread.getAllStackTraces().keySet();

  @TempDir Path directory;

  @Test
  void start_interruptedWhileTheJournalOpens_leavesNoThreadAndNoSlot() {
    Path journal = directory.resolve("journal");
    DefaultBillingClient client = client(journal);
    Thread.currentThread().interrupt();
    assertThatThrownBy(client::start)
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("interrupted while");
    assertThat(Thread.interrupted()).as("the flag of the caller").isTrue();

    // The interrupted caller does not wait for the disk: its thread ends by itself.
    Await.until(SOON, () -> left().isEmpty());
    assertThat(client.close(SOON)).isEqualTo(DrainReport.of(0, 0, 0));
    assertThat(client.status().state()).isEqualTo(ConnectionState.CLOSED);
    assertSlotIsFree(journal);
  }

  @Test
  void start_journalDirectoryIsAFile_leavesNoThread() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    DefaultBillingClient client = client(file);
    assertThatThrownBy(client::start)
        .isInstanceOf(BillingException.class)
        .hasMessageContaining("journalDirectory");
    assertThat(left()).isEmpty();
    assertThat(client.close(SOON)).isEqualTo(DrainReport.of(0, 0, 0));
  }

  /** The next client has the slot of the one that failed, and not a second one beside it. */
  private void assertSlotIsFree(Path journal) {
    DefaultBillingClient next = client(journal);
    next.start();
    try {
      assertThat(journal.resolve("slot-01")).doesNotExist();
      assertThat(journal.resolve("slot-00")).isDirectory();
    } finally {
      next.close(Duration.ZERO);
    }
    assertThat(left()).isEmpty();
  }

  private List<String> left() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> !before.contains(each))
        .map(Thread::getName)
        .filter(each -> each.startsWith("billing-"))
        .toList();
  }

  private static DefaultBillingClient client(Path journal) {
    return DefaultBillingClient.create(
        BillingConfig.builder().host("broker.invalid").journalDirectory(journal).build());
  }
}
