package io.billingsdk.server;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One server at a time in a data directory. The lock ends with the process, however it ends. */
final class InstanceLock implements AutoCloseable {
  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws InstallationException when another server has it, or the directory cannot be written
   */
  static InstanceLock of(Path directory) {
    try {
      OwnerOnlyFiles.makeRoot(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new InstallationException("another server works in " + directory);
      }
      return new InstanceLock(channel);
    } catch (IOException failed) {
      throw new InstallationException(
          "the data directory "
              + directory
              + " cannot be used: "
              + InstallationException.reason(failed),
          failed);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failed) {
      throw new InstallationException("the lock cannot be released", failed);
    }
  }
}
