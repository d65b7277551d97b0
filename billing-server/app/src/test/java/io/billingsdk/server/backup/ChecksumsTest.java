package io.billingsdk.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumsTest {
  @TempDir Path backup;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(backup.resolve("a/b"));
    Files.writeString(backup.resolve("a/b/c"), "content");
    Files.writeString(backup.resolve("empty"), "");
    Checksums.write(backup, bytes -> {});
  }

  private void check() throws IOException {
    Checksums.check(backup, bytes -> {});
  }

  @Test
  void write_isWhatSha256sumReads() throws IOException {
    assertThat(Files.readString(backup.resolve(Checksums.FILE)))
        .isEqualTo(
            """
            ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73  a/b/c
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty
            """);
  }

  @Test
  void check_whatWasWritten_isWhole() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void check_saysHowMuchItHasRead() throws IOException {
    AtomicLong read = new AtomicLong();
    Checksums.check(backup, read::addAndGet);
    assertThat(read).hasValue(7);
  }

  @Test
  void check_aFileThatHasChanged_isNamed() throws IOException {
    Files.writeString(backup.resolve("a/b/c"), "cOntent");
    assertThatThrownBy(this::check).hasMessage("the backup is damaged: a/b/c");
  }

  @Test
  void check_aFileThatIsMissing_isNamed() throws IOException {
    Files.delete(backup.resolve("empty"));
    assertThatThrownBy(this::check).hasMessage("the backup is damaged: empty");
  }

  @Test
  void check_aFileTooMany_isNamed() throws IOException {
    Files.writeString(backup.resolve("a/more"), "");
    assertThatThrownBy(this::check).hasMessageContaining("does not belong to it: a/more");
  }

  @Test
  void check_withoutSums_isNoBackup() throws IOException {
    Files.delete(backup.resolve(Checksums.FILE));
    assertThatThrownBy(this::check).hasMessageContaining("is not a backup");
  }
}
