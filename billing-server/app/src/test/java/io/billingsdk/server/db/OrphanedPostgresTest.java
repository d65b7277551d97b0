package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A number in {@code postmaster.pid} is anybody's, until more than the number says whose. */
@Tag("postgres")
class OrphanedPostgresTest {
  @TempDir Path directory = Path.of("");

  private static void writePid(Path data, long pid) throws IOException {
    Files.createDirectories(data);
    Files.writeString(
        data.resolve("postmaster.pid"),
        pid + "\n" + data + "\n" + Instant.now().getEpochSecond() + "\n5432\n\n127.0.0.1\n1 2\n");
  }

  private static void startAndStop(Path own) {
    try (EmbeddedDatabase database = SharedBinaries.database(own, 0)) {
      database.start();
    }
  }

  @Test
  void end_numberOfALivingProcess_leavesItAlone_andDatabaseStarts() throws Exception {
    Path own = directory.resolve("own");
    Process living = new ProcessBuilder("sleep", "600").start();
    startAndStop(own);
    writePid(own.resolve("data"), living.pid());
    startAndStop(own);
    assertThat(living.isAlive()).isTrue();
    living.destroyForcibly();
  }

  @Test
  void end_numberOfAnotherServersPostgres_isNeverSignalled() throws Exception {
    Path own = directory.resolve("own");
    try (EmbeddedDatabase another = SharedBinaries.database(directory.resolve("another"), 0);
        EmbeddedDatabase database = SharedBinaries.database(own, 0)) {
      another.start();
      long pid = PidFile.in(directory.resolve("another/data")).orElseThrow().pid();
      startAndStop(own);
      writePid(own.resolve("data"), pid);
      database.start();
      assertThat(ProcessHandle.of(pid).orElseThrow().isAlive()).isTrue();
      Connections.open(another.owner()).close();
      Connections.open(database.owner()).close();
    }
  }

  /** As a killed server leaves it: a postmaster that nobody watches. */
  private static Postmaster unwatched(Path own) throws IOException {
    startAndStop(own);
    return Postmaster.start(
        new Launch(new Binaries(own.resolve("binaries"), PostgresSupport.archive()).ready()),
        own.resolve("data"),
        0,
        own.resolve("postgresql.log"));
  }

  @Test
  void end_ownOfAKilledServer_isEnded() throws Exception {
    Path own = directory.resolve("own");
    try (Postmaster killed = unwatched(own);
        EmbeddedDatabase next = SharedBinaries.database(own, 0)) {
      PidFile file = PidFile.in(own.resolve("data")).orElseThrow();
      assertThat(file.process(own.resolve("data"))).isPresent();
      EmbeddedDatabase.endLeftBehind(own);
      assertThat(ProcessHandle.of(file.pid()).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(killed.awaitEnd()).isNotNegative();
      next.start();
    }
  }

  @Test
  void in_halfWritten_isNone() throws IOException {
    Files.writeString(directory.resolve("postmaster.pid"), "");
    assertThat(PidFile.in(directory)).isEmpty();
    Files.writeString(directory.resolve("postmaster.pid"), "12x\n");
    assertThat(PidFile.in(directory)).isEmpty();
    OrphanedPostgres.end(directory);
    assertThat(directory.resolve("postmaster.pid")).doesNotExist();
  }
}
