package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  @TempDir Path directory;

  @BeforeEach
  void unpack() throws IOException {
    Manifest manifest = new Manifest();
    Files.writeString(directory.resolve("a"), "content");
    Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));
    manifest.file("a", 7, crc("content"), /* executable= */ false);
    manifest.link("b", "a");
    manifest.write(directory);
  }

  private static long crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return crc.getValue();
  }

  @Test
  void holds_whatWasUnpacked() throws IOException {
    assertThat(Manifest.holds(directory)).isTrue();
  }

  @Test
  void holds_withoutAManifest_not() throws IOException {
    Files.delete(directory.resolve(Manifest.NAME));
    assertThat(Manifest.holds(directory)).isFalse();
  }

  @Test
  void holds_aFileThatIsGone_not() throws IOException {
    Files.delete(directory.resolve("a"));
    assertThat(Manifest.holds(directory)).isFalse();
  }

  @Test
  void holds_aFileWithOneBitChanged_not() throws IOException {
    Files.writeString(directory.resolve("a"), "cnntent");
    assertThat(Manifest.holds(directory)).isFalse();
  }

  @Test
  void holds_aFileThatMayBeRunNow_not() throws IOException {
    assertThat(directory.resolve("a").toFile().setExecutable(true)).isTrue();
    assertThat(Manifest.holds(directory)).isFalse();
  }

  @Test
  void holds_aLinkToSomethingElse_orAFileInItsPlace_not() throws IOException {
    Files.delete(directory.resolve("b"));
    Files.createSymbolicLink(directory.resolve("b"), Path.of("c"));
    assertThat(Manifest.holds(directory)).isFalse();
    Files.delete(directory.resolve("b"));
    Files.writeString(directory.resolve("b"), "content");
    assertThat(Manifest.holds(directory)).isFalse();
  }

  @Test
  void holds_aManifestCutAnywhere_not() throws IOException {
    String whole = Files.readString(directory.resolve(Manifest.NAME));
    // Without the last line break it says as much.
    for (int length = 0; length < whole.length() - 1; length++) {
      Files.writeString(directory.resolve(Manifest.NAME), whole.substring(0, length));
      assertThat(Manifest.holds(directory)).as("cut at %s", length).isFalse();
    }
  }
}
