package io.billingsdk.internal.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A small file that only its owner may read. It is replaced as a whole: a reader, also after a
 * crash, finds the old content or the new one. Several processes may replace it; the last one
 * counts. Not for the threads that must not wait.
 */
public final class PrivateFile {
  private final Path path;

  /** Does nothing with the file yet. */
  public PrivateFile(Path path) {
    this.path = path;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Whether it is there. Waits for the disk. */
  public boolean exists() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The content; null when there is no such file.
   *
   * @throws IOException when it cannot be read, is larger than {@code maxBytes}, or is not a file
   *     of this user: others who may write to the directory could have put it there
   */
  public byte @Nullable [] read(int maxBytes) throws IOException {
    Ownership.check(path, "a file");
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = in.readNBytes(maxBytes + 1);
      if (content.length > maxBytes) {
        throw new IOException(path + " has more than " + maxBytes + " bytes");
      }
      return content;
    } catch (NoSuchFileException absent) {
      return null;
    }
  }

  /**
   * The content; when there is no such file it is made with this one. Of several processes that
   * make it at once all return the content of one.
   *
   * @throws IOException when it can neither be read nor made
   */
  public byte[] readOrCreate(byte[] content, int maxBytes) throws IOException {
    byte[] there = read(maxBytes);
    if (there != null) {
      return there;
    }
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path fresh = fresh();
    try {
      write(fresh, content);
      try {
        // Unlike a move, a link does not replace what another process has put there meanwhile.
        Files.createLink(path, fresh);
      } catch (FileAlreadyExistsException other) {
        byte[] theirs = read(maxBytes);
        if (theirs != null) {
          return theirs;
        }
        throw other;
      } catch (UnsupportedOperationException | FileSystemException noLinks) {
        Files.move(fresh, path);
      }
      return content;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Replaces the content, on disk when this returns. */
  public void replace(byte[] content) throws IOException {
    Path fresh = fresh();
    try {
      write(fresh, content);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** A name of its own: two processes must not write into one another's. */
  private Path fresh() {
    return path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  private static void write(Path fresh, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(fresh, CREATE, ownerOnly(fresh))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      // Unforced, a power cut could leave the new name with no content.
      channel.force(/* metaData= */ true);
    }
  }

  private static final Set<StandardOpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
