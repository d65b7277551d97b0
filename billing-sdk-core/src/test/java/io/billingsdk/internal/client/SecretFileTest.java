package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.StreamSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretFileTest {
  private static final UUID STREAM = UUID.randomUUID();
  private static final UUID OTHER = UUID.randomUUID();

  @TempDir Path directory;

  @Test
  void secret_ofADirectory_isThatOfEveryProcess_andAnotherForEachStream() throws Exception {
    SecretFile first = opened(directory);
    SecretFile second = opened(directory);
    assertThat(second.of(STREAM)).isNotNull().isEqualTo(first.of(STREAM));
    assertThat(second.of(OTHER)).isNotNull().isNotEqualTo(first.of(STREAM));
    assertThat(Files.getPosixFilePermissions(directory.resolve("secret")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(String.valueOf(first.of(STREAM))).isEqualTo("StreamSecret[***]");
  }

  @Test
  void secret_madeByManyAtOnce_isOne() throws Exception {
    int processes = 8;
    ExecutorService all = Executors.newFixedThreadPool(processes);
    try {
      CyclicBarrier barrier = new CyclicBarrier(processes);
      Callable<StreamSecret> open =
          () -> {
            SecretFile file = new SecretFile(directory);
            barrier.await();
            file.open();
            return file.of(STREAM);
          };
      List<Future<StreamSecret>> opening = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        opening.add(all.submit(open));
      }
      Set<StreamSecret> made = new HashSet<>();
      for (Future<StreamSecret> each : opening) {
        made.add(each.get());
      }
      assertThat(made).hasSize(1).doesNotContainNull();
      assertThat(directory.toFile().list()).containsExactly("secret");
    } finally {
      all.shutdownNow();
    }
  }

  @Test
  void secret_thatIsDamaged_isNone_andStaysThere() throws Exception {
    Files.writeString(directory.resolve("secret"), "short");
    assertThat(opened(directory).of(STREAM)).isNull();
    assertThat(directory.resolve("secret")).hasContent("short");
  }

  @Test
  void secret_ofAJournalInMemory_isOfThisProcess() {
    assertThat(opened(null).of(STREAM)).isNotNull().isNotEqualTo(opened(null).of(STREAM));
  }

  @Test
  void rememberAgain_afterItWasRemoved_isTheSameForTheNextProcess() throws Exception {
    SecretFile file = opened(directory);
    StreamSecret before = file.of(STREAM);
    file.rememberAgain();
    Files.delete(directory.resolve("secret"));
    file.rememberAgain();
    assertThat(opened(directory).of(STREAM)).isNotNull().isEqualTo(before);
  }

  @Test
  void rememberAgain_whereAnotherProcessHasMadeOne_leavesThatOne() throws Exception {
    SecretFile file = opened(directory);
    Files.delete(directory.resolve("secret"));
    StreamSecret theirs = opened(directory).of(STREAM);
    file.rememberAgain();
    assertThat(opened(directory).of(STREAM)).isNotNull().isEqualTo(theirs);
    assertThat(file.of(STREAM)).isNotEqualTo(theirs);
  }

  private static SecretFile opened(@Nullable Path directory) {
    SecretFile file = new SecretFile(directory);
    assertThat(file.of(STREAM)).isNull();
    file.open();
    return file;
  }
}
