package io.billingsdk.internal.journal;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The file system of this machine, through channels; never mapped into memory. */
enum RealJournalFiles implements JournalFiles {
  INSTANCE;

  private static final boolean POSIX =
      Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");

  /** Lock files that this class has locked; it guards the other, too. */
  private static final Set<Path> LOCKED = new HashSet<>();

  private static final Map<Path, FileChannel> LOCKED_ELSEWHERE = new HashMap<>();

  private static final FileAttribute<?>[] PRIVATE_FILE = attributes("rw-------");
  private static final FileAttribute<?>[] PRIVATE_DIRECTORY = attributes("rwx------");

  @Override
  public void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory, PRIVATE_DIRECTORY);
  }

  @Override
  public void checkTrusted(Path root) throws IOException {
    SlotDirectory.checkRoot(root);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  @Override
  public Output create(Path file) throws IOException {
    checkDirectoryOf(file);
    return new ChannelOutput(
        FileChannel.open(file, Set.of(CREATE_NEW, WRITE, APPEND, NOFOLLOW_LINKS), PRIVATE_FILE));
  }

  @Override
  public Output append(Path file) throws IOException {
    checkDirectoryOf(file);
    return new ChannelOutput(
        FileChannel.open(file, Set.of(CREATE, WRITE, APPEND, NOFOLLOW_LINKS), PRIVATE_FILE));
  }

  @Override
  public Input open(Path file) throws IOException {
    checkDirectoryOf(file);
    return new ReopeningInput(file);
  }

  /** Another may have come in its place since the slot was taken. */
  private static void checkDirectoryOf(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      SlotDirectory.check(parent);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    if (!POSIX) {
      return; // Directories cannot be opened there, and need no force.
    }
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(/* metaData= */ true);
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    checkDirectoryOf(from);
    checkDirectoryOf(to);
    Files.move(from, to, ATOMIC_MOVE);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public Object identity(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
    Object key = attributes.fileKey();
    // Windows has no key; there, nothing that is open can be moved, and a new one is younger.
    return key == null ? attributes.creationTime() : key;
  }

  @Override
  public Object fileSystem(Path directory) throws IOException {
    Path there = directory.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Files.getAttribute(there, "unix:dev")
        : Files.getFileStore(there);
  }

  @Override
  public boolean isWritable(Path directory) {
    return Files.isWritable(directory);
  }

  @Override
  public long usableBytes(Path directory) throws IOException {
    long usable = directory.toFile().getUsableSpace();
    // Nothing may be an error; asking so says which, but reads the table of all that is mounted.
    return usable > 0 ? usable : Files.getFileStore(directory).getUsableSpace();
  }

  /**
   * Closing any channel of a file releases all locks that this process has on it. So a lock file
   * that is locked already must not be opened; and if another copy of this class has locked it, the
   * channel that was opened in vain stays open.
   */
  @Override
  public @Nullable Closeable tryLock(Path file) throws IOException {
    checkDirectoryOf(file);
    Path parent = file.toAbsolutePath().getParent();
    Path key = parent == null ? file : parent.toRealPath().resolve(file.getFileName());
    synchronized (LOCKED) {
      if (LOCKED.contains(key) || isLockedElsewhere(key)) {
        return null;
      }
      FileChannel channel =
          FileChannel.open(file, Set.of(CREATE, WRITE, NOFOLLOW_LINKS), PRIVATE_FILE);
      try {
        if (channel.tryLock() == null) {
          channel.close();
          return null;
        }
      } catch (OverlappingFileLockException inThisProcess) {
        LOCKED_ELSEWHERE.put(key, channel);
        return null;
      } catch (IOException failed) {
        channel.close();
        throw failed;
      }
      LOCKED.add(key);
      return () -> unlock(key, channel);
    }
  }

  private static void unlock(Path key, FileChannel channel) throws IOException {
    synchronized (LOCKED) {
      channel.close();
      LOCKED.remove(key);
    }
  }

  /** Whether code of another class loader still has it. */
  private static boolean isLockedElsewhere(Path key) throws IOException {
    FileChannel channel = LOCKED_ELSEWHERE.get(key);
    if (channel == null) {
      return false;
    }
    try {
      channel.tryLock();
    } catch (OverlappingFileLockException still) {
      return true;
    }
    LOCKED_ELSEWHERE.remove(key);
    channel.close();
    return false;
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private record ChannelOutput(FileChannel channel) implements Output {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(/* metaData= */ false);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      channel.truncate(bytes);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** An interrupt closes the channel under its reader; reading is repeated on a new one. */
  private static final class ReopeningInput implements Input {
    private final Path file;
    private FileChannel channel;

    private ReopeningInput(Path file) throws IOException {
      this.file = file;
      this.channel = channel(file);
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
      int start = into.position();
      while (into.hasRemaining()) {
        int read = readOnce(into, position + into.position() - start);
        if (read < 0) {
          return;
        }
      }
    }

    private int readOnce(ByteBuffer into, long from) throws IOException {
      try {
        return channel.read(into, from);
      } catch (ClosedChannelException interrupted) {
        reopen();
        return channel.read(into, from);
      }
    }

    @Override
    public long bytes() throws IOException {
      try {
        return channel.size();
      } catch (ClosedChannelException interrupted) {
        reopen();
        return channel.size();
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }

    private void reopen() throws IOException {
      // Set, it would close the new channel too. It is nobody's: this thread belongs to the
      // journal.
      Thread.interrupted();
      channel = channel(file);
    }

    private static FileChannel channel(Path file) throws IOException {
      return FileChannel.open(file, Set.<OpenOption>of(READ, NOFOLLOW_LINKS));
    }
  }
}
