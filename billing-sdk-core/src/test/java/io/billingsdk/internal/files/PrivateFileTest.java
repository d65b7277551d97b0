package io.billingsdk.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others put in the place of a file that decides who is let in is not taken for it. */
final class PrivateFileTest {
  @TempDir Path directory;

  @Test
  void read_ownFile_isItsContent() throws IOException {
    PrivateFile file = new PrivateFile(directory.resolve("keys"));
    assertThat(file.read(10)).isNull();
    file.replace(new byte[] {1, 2});
    assertThat(file.read(10)).containsExactly(1, 2);
  }

  @Test
  void read_symbolicLink_isRefused() throws IOException {
    Path elsewhere = Files.write(directory.resolve("elsewhere"), new byte[] {1});
    Path link = Files.createSymbolicLink(directory.resolve("keys"), elsewhere);
    assertThatThrownBy(() -> new PrivateFile(link).read(10))
        .isInstanceOf(IOException.class)
        .hasMessage(link + " is a symbolic link; a file is expected");
  }

  @Test
  void check_anotherUser_isRefusedUnlessOneOfThemIsRoot() {
    assertThatThrownBy(() -> Ownership.check(directory, 1000, 1001))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to the user with id 1001; it must belong")
        .hasMessageEndingWith("1000");
    assertThatCode(
            () -> {
              Ownership.check(directory, 1000, 1000);
              Ownership.check(directory, 1000, 0);
              Ownership.check(directory, 0, 1000);
            })
        .doesNotThrowAnyException();
  }
}
