package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.EncodedEvent;
import io.billingsdk.protocol.MalformedMessageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** API keys of events that were reported before it was known that nobody needs them. */
@Tag("crash")
final class KeyErasingTest {
  private static final String KEY = "sk-of-before-the-version";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final UUID LEDGER = UUID.fromString("11111111-2222-4333-8444-555555555555");

  @TempDir Path directory;

  private volatile boolean keysAreNeeded;

  private DurableJournal open(@Nullable Retention retention) throws IOException {
    DurableJournal journal =
        DurableJournal.in(
            directory,
            16 << 20,
            Duration.ZERO,
            0,
            /* dropOldest= */ false,
            retention,
            /* recreate= */ true,
            Clock.system());
    journal.erasingKeysBy(KeyErasingTest::withoutKey, () -> !keysAreNeeded);
    journal.start();
    return journal;
  }

  private static byte[] withoutKey(byte[] event) {
    try {
      return EncodedEvent.withoutKey(event);
    } catch (MalformedMessageException malformed) {
      throw new AssertionError(malformed);
    }
  }

  private static void append(DurableJournal journal, int events) {
    for (int i = 0; i < events; i++) {
      CompletableFuture<Void> durable = new CompletableFuture<>();
      String body =
          "{\"app_id\":\"acme\",\"api_key\":\""
              + KEY
              + "\",\"module\":\"llm\",\"model\":\"m\",\"usage\":"
              + i
              + ",\"timestamp\":1}";
      journal.append(body.getBytes(StandardCharsets.UTF_8), durable);
      durable.join();
    }
  }

  private static JournalRecord next(DurableJournal journal) {
    return Objects.requireNonNull(
        Awaitility.await().atMost(PATIENCE).until(journal::next, Objects::nonNull));
  }

  private long filesWithTheKey() throws IOException {
    long found = 0;
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        found += Files.readString(each, StandardCharsets.ISO_8859_1).contains(KEY) ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void close_withSomeDelivered_leavesNoKey_andTheRestIsFound() throws IOException {
    DurableJournal journal = open(null);
    append(journal, 5);
    assertThat(filesWithTheKey()).isEqualTo(1);
    journal.acknowledge(next(journal));
    journal.acknowledge(next(journal));
    assertThat(journal.release(PATIENCE)).isZero();

    assertThat(filesWithTheKey()).isZero();
    DurableJournal again = open(null);
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      JournalRecord record = next(again);
      assertThat(record.seq()).isEqualTo(3 + i);
      bodies.add(new String(record.body(), StandardCharsets.UTF_8));
      again.acknowledge(record);
    }
    assertThat(bodies)
        .allMatch(body -> body.contains("\"key_sha256\":\"") && body.contains("\"usage\":"));
    assertThat(again.release(PATIENCE)).isZero();
    assertThat(filesWithTheKey()).isZero();
  }

  @Test
  void close_withAllDelivered_leavesNoSegment() throws IOException {
    DurableJournal journal = open(null);
    append(journal, 3);
    for (int i = 0; i < 3; i++) {
      journal.acknowledge(next(journal));
    }
    assertThat(journal.release(PATIENCE)).isZero();
    assertThat(filesWithTheKey()).isZero();
  }

  @Test
  void close_retained_leavesNoKey_andComesBack() throws IOException {
    Retention retention = new Retention(Duration.ofDays(1), Long.MAX_VALUE);
    DurableJournal journal = open(retention);
    journal.deliveringTo(LEDGER);
    append(journal, 3);
    for (int i = 0; i < 3; i++) {
      journal.acknowledge(next(journal));
    }
    assertThat(journal.release(PATIENCE)).isZero();

    assertThat(directory.resolve("slot-00").resolve("retained")).isNotEmptyDirectory();
    assertThat(filesWithTheKey()).isZero();
    DurableJournal again = open(retention);
    again.deliveringTo(UUID.fromString("99999999-2222-4333-8444-555555555555"));
    for (int i = 1; i <= 3; i++) {
      JournalRecord record = next(again);
      assertThat(record.seq()).isEqualTo(i);
      again.acknowledge(record);
    }
    assertThat(again.release(PATIENCE)).isZero();
  }

  @Test
  void opening_ofWhatWasLeft_leavesNoKeyOnceItIsRead() throws IOException {
    keysAreNeeded = true;
    DurableJournal earlier = open(null);
    append(earlier, 3);
    assertThat(earlier.release(PATIENCE)).isZero();
    assertThat(filesWithTheKey()).isEqualTo(1);

    keysAreNeeded = false;
    DurableJournal journal = open(null);
    Awaitility.await().atMost(PATIENCE).until(() -> filesWithTheKey() == 0);
    for (int i = 1; i <= 3; i++) {
      assertThat(next(journal).seq()).isEqualTo(i);
    }
    assertThat(journal.release(PATIENCE)).isZero();
    assertThat(filesWithTheKey()).isZero();
  }

  @Test
  void close_whileKeysAreNeeded_leavesThem() throws IOException {
    keysAreNeeded = true;
    DurableJournal journal = open(null);
    append(journal, 2);
    assertThat(journal.release(PATIENCE)).isZero();
    assertThat(filesWithTheKey()).isEqualTo(1);
  }
}
