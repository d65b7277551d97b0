package io.billingsdk.internal.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dozen things that the journal asks of a file system; the seam at which tests crash it.
 *
 * <p>Written bytes survive a crash of the machine only when the file was forced, and a file that
 * was made, renamed or deleted only when its directory was.
 */
interface JournalFiles {

  /** The files system of this machine. */
  static JournalFiles real() {
    return RealJournalFiles.INSTANCE;
  }

  /** Makes a directory for this user alone, and its parents, unless it is there. */
  void createDirectories(Path directory) throws IOException;

  /** Refuses a directory that others could change; there is only one user in a simulation. */
  default void checkTrusted(Path root) throws IOException {}

  /** Names of what is in a directory, sorted; empty when there is no such directory. */
  List<String> list(Path directory) throws IOException;

  /** Makes a file, which must not exist, for this user alone, and opens it for appending. */
  Output create(Path file) throws IOException;

  /** Opens a file for appending; makes it when it is not there. */
  Output append(Path file) throws IOException;

  /** Opens a file for reading. Symbolic links are not followed. */
  Input open(Path file) throws IOException;

  /** Makes a deletion, a creation or a renaming in this directory survive a crash. */
  void forceDirectory(Path directory) throws IOException;

  /**
   * Gives a file another name, here or in another directory, and takes that name from whatever had
   * it. After a crash the file has either name, whichever of the directories was forced.
   */
  void move(Path from, Path to) throws IOException;

  /** Removes a file, if it is there. */
  void delete(Path file) throws IOException;

  /**
   * What tells the file or directory that has this name now from any other that had it, or will.
   *
   * @throws IOException when there is none, or it cannot be found out
   */
  Object identity(Path path) throws IOException;

  /** What tells the file system on which this directory is, or would be made. */
  Object fileSystem(Path directory) throws IOException;

  /** Whether this process may make files in a directory. */
  boolean isWritable(Path directory);

  /** Bytes that may still be written where this directory is. */
  long usableBytes(Path directory) throws IOException;

  /** Takes a lock that ends with this process; null when another process or journal has it. */
  @Nullable Closeable tryLock(Path file) throws IOException;

  /** A file that grows at its end. */
  interface Output extends Closeable {
    /** Writes all that remains in the buffer. After a failure any part of it may be in the file. */
    void write(ByteBuffer bytes) throws IOException;

    /** Makes what was written survive a crash. A failure is final: the bytes may be gone. */
    void force() throws IOException;

    /** Cuts the file. */
    void truncate(long bytes) throws IOException;
  }

  /** A file that is read from any place. */
  interface Input extends Closeable {
    /** Reads into the buffer from a place of the file until it is full or the file ends. */
    void read(ByteBuffer into, long position) throws IOException;

    long bytes() throws IOException;
  }
}
