package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class BinariesTest {
  @TempDir Path directory = Path.of("");

  private Path ready() throws IOException {
    return new Binaries(directory.resolve("binaries"), PostgresSupport.archive()).ready();
  }

  @Test
  void ready_brokenInAnyWay_areUnpackedAgain_andLeftoversDeleted() throws IOException {
    Path found = ready();
    assertThat(Manifest.holds(found)).isTrue();

    Path program = found.resolve("bin/postgres");
    byte[] whole = Files.readAllBytes(program);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    Files.write(program, flipped);
    assertThat(Manifest.holds(found)).isFalse();
    // As an unpacking that was killed, an earlier version and another user leave them.
    Files.createDirectories(directory.resolve("binaries/.unpacking/bin"));
    Files.createDirectories(directory.resolve("binaries/PG-old/lib"));

    assertThat(ready()).isEqualTo(found);
    assertThat(program).hasBinaryContent(whole);
    try (var all = Files.list(directory.resolve("binaries"))) {
      assertThat(all.toList()).containsExactly(found);
    }
    findsWhateverIsWrong(found);
  }

  /** Missing, cut short, not executable, another link, without an end. */
  private static void findsWhateverIsWrong(Path found) throws IOException {
    Path program = found.resolve("bin/initdb");
    byte[] whole = Files.readAllBytes(program);
    Files.write(program, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertThat(Manifest.holds(found)).isFalse();
    Files.write(program, whole);
    assertThat(Manifest.holds(found)).isTrue();
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-------"));
    assertThat(Manifest.holds(found)).isFalse();
    Files.delete(program);
    assertThat(Manifest.holds(found)).isFalse();
    Files.write(program, whole);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Path link = found.resolve("lib/libpq.so");
    Path target = Files.readSymbolicLink(link);
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("libpq.so.5"));
    assertThat(Manifest.holds(found)).isFalse();
    Files.delete(link);
    Files.createSymbolicLink(link, target);
    assertThat(Manifest.holds(found)).isTrue();
    Path manifest = found.resolve(Manifest.NAME);
    List<String> lines = Files.readAllLines(manifest);
    Files.write(manifest, lines.subList(0, lines.size() - 1));
    assertThat(Manifest.holds(found)).isFalse();
  }
}
