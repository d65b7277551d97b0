package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolFileTest {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("protocol");
  }

  @Test
  void remembersV2_noFile_isFalse() {
    assertThat(new ProtocolFile(directory).remembersV2()).isFalse();
  }

  @Test
  void rememberV2_once_isKnownToTheNextAndReadByItsOwnerOnly() throws IOException {
    new ProtocolFile(directory).rememberV2();
    assertThat(new ProtocolFile(directory).remembersV2()).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).as("nothing temporary is left").containsExactly(file());
    }
  }

  @Test
  void rememberV2_again_replacesIt() throws IOException {
    Files.writeString(file(), "something");
    new ProtocolFile(directory).rememberV2();
    assertThat(file()).hasContent("2");
  }

  /** What a torn write or a bad disk may leave. */
  @ParameterizedTest
  @ValueSource(strings = {"", "1\n", "garbage", "\u0000\u0000\u0000"})
  void remembersV2_damagedContent_isTrue(String content) throws IOException {
    Files.writeString(file(), content);
    assertThat(new ProtocolFile(directory).remembersV2()).isTrue();
  }

  @Test
  void remembersV2_largerThanItCanBe_isTrue() throws IOException {
    Files.write(file(), "2".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
    assertThat(new ProtocolFile(directory).remembersV2()).isTrue();
  }

  @Test
  void remembersV2_notAFile_isTrue() throws IOException {
    Files.createDirectory(file());
    assertThat(new ProtocolFile(directory).remembersV2()).isTrue();
  }

  /**
   * Somebody else may have put it there, but who wanted to be asked for v1 would have deleted it.
   */
  @Test
  void remembersV2_symbolicLink_isTrue() throws IOException {
    Files.createSymbolicLink(file(), directory.resolve("nothing"));
    assertThat(new ProtocolFile(directory).remembersV2()).isTrue();
  }

  @Test
  void rememberV2Again_fileThatSomebodyHasRemoved_isWrittenAgain() throws IOException {
    ProtocolFile protocol = new ProtocolFile(directory);
    protocol.rememberV2();
    Files.delete(file());
    protocol.rememberV2Again();
    assertThat(file()).hasContent("2");
    Files.writeString(file(), "left as it is");
    protocol.rememberV2Again();
    assertThat(file()).hasContent("left as it is");
  }

  @Test
  void rememberV2_directoryIsGone_doesNotThrow() {
    ProtocolFile file = new ProtocolFile(directory.resolve("gone"));
    file.rememberV2();
    assertThat(file.remembersV2()).isFalse();
  }
}
