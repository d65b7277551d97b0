package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastWordsTest {
  @TempDir Path directory = Path.of("");

  @Test
  void of_portInUse_saysWhatIsInTheWay_andWhatToDo() {
    String words =
        LastWords.of(
            """
            2026-11-29 10:00:00.000 UTC [7] LOG:  starting PostgreSQL 17.11
            2026-11-29 10:00:00.000 UTC [7] LOG:  could not bind IPv4 address "127.0.0.1": Address already in use
            2026-11-29 10:00:00.000 UTC [7] HINT:  Is another postmaster already running on port 1? If not, wait a few seconds and retry.
            2026-11-29 10:00:00.000 UTC [7] WARNING:  could not create listen socket for "127.0.0.1"
            2026-11-29 10:00:00.000 UTC [7] FATAL:  could not create any TCP/IP sockets
            2026-11-29 10:00:00.000 UTC [7] LOG:  database system is shut down
            """);
    assertThat(words)
        .isEqualTo(
            "could not bind IPv4 address \"127.0.0.1\": Address already in use; could not create"
                + " listen socket for \"127.0.0.1\"; could not create any TCP/IP sockets");
    assertThat(LastWords.withAdvice(words, directory)).contains("--postgresql-port");
  }

  @Test
  void of_noRoom_saysWhereToMakeSome() {
    String words =
        LastWords.of("x UTC [7] FATAL:  could not write lock file: No space left on device\n");
    assertThat(LastWords.withAdvice(words, directory))
        .contains("No space left on device", "make room on the disk of " + directory);
  }

  @Test
  void of_loaderOrNothing_theLastLineOrNothing() {
    assertThat(LastWords.of("postgres: error while loading shared libraries: libx.so\n\n"))
        .isEqualTo("postgres: error while loading shared libraries: libx.so");
    assertThat(LastWords.of("\n")).isEmpty();
    assertThat(LastWords.of("FATAL:  " + "x".repeat(1_000))).hasSizeLessThan(410);
  }
}
