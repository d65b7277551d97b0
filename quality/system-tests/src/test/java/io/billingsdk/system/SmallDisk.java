package io.billingsdk.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system in memory that is full after some bytes. Root alone can mount one. */
final class SmallDisk implements AutoCloseable {
  private static final Path SELF = Path.of("/proc/self");

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  static boolean isPossible() throws IOException {
    return Files.exists(SELF) && Files.getAttribute(SELF, "unix:uid").equals(0);
  }

  static SmallDisk at(Path directory, long bytes) throws IOException {
    Files.createDirectories(directory);
    if (!run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString())) {
      throw new IOException("cannot mount " + directory);
    }
    return new SmallDisk(directory);
  }

  Path directory() {
    return directory;
  }

  /** To the last page: what is used becomes all that there is. */
  void fill() throws IOException {
    FileStore store = Files.getFileStore(directory);
    enlargeTo(store.getTotalSpace() - store.getUnallocatedSpace());
  }

  void enlargeTo(long bytes) throws IOException {
    if (!run("mount", "-o", "remount,size=" + bytes, directory.toString())) {
      throw new IOException("cannot enlarge " + directory);
    }
  }

  /** What a killed process had open, the kernel closes a moment later. */
  @Override
  public void close() {
    await().atMost(Duration.ofSeconds(30)).until(() -> run("umount", directory.toString()));
  }

  private static boolean run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }
}
