package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateTreeTest {
  @TempDir Path directory = Path.of("");

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void open(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void settle_openTree_isClosed_butWhatIsLeftOutAndLinksTo() throws IOException {
    Path root = Files.createDirectory(directory.resolve("data"));
    Path inside = Files.createDirectories(root.resolve("a/b"));
    Path file = Files.writeString(inside.resolve("file"), "x");
    Path leftOut = Files.createDirectory(root.resolve("other"));
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "x");
    Files.createSymbolicLink(inside.resolve("link"), elsewhere);
    for (Path each : new Path[] {root, inside, file, leftOut, elsewhere}) {
      open(each);
    }
    PrivateTree.settle(root, "other");
    assertThat(mode(root)).isEqualTo("rwx------");
    assertThat(mode(inside)).isEqualTo("rwx------");
    assertThat(mode(file)).isEqualTo("rwx------");
    assertThat(mode(leftOut)).isEqualTo("rwxrwxrwx");
    assertThat(mode(elsewhere)).isEqualTo("rwxrwxrwx");
  }

  @Test
  void settle_fileOfAnotherUser_isRefusedWithWhatToDo() throws IOException {
    Assumptions.assumeTrue(Launch.isRoot(), "only root can give a file away");
    Path root = Files.createDirectory(directory.resolve("data"));
    Path planted = Files.writeString(root.resolve("planted"), "x");
    Files.setOwner(
        planted,
        planted.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertThatThrownBy(() -> PrivateTree.settle(root))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining(planted + " belongs to the user nobody")
        .hasMessageContaining("chown");
  }
}
