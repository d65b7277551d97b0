package io.billingsdk.system;

import io.billingsdk.cli.Main;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One run of {@code billing serve} with a broker and a database of its own, in an environment and
 * with an umask of the test's. Ends with the test's JVM; its PostgreSQL may outlive it.
 */
final class ServeRun implements AutoCloseable {
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path data;
  private final Path logs;
  private final Child process;

  private ServeRun(Path data, Path logs, Child process) {
    this.data = data;
    this.logs = logs;
    this.process = process;
  }

  /**
   * How it is run.
   *
   * @param umask octal
   * @param environment {@code NAME=value}; there are no other variables
   * @param jvm options of Java
   * @param options of {@code serve}
   */
  record How(String umask, List<String> environment, List<String> jvm, List<String> options) {
    static final How USUAL =
        new How("022", List.of("PATH=/usr/bin:/bin", "HOME=/root"), List.of(), List.of());
  }

  /** Starts it; returns at once. Output goes to files beside the data directory. */
  static ServeRun start(Path data, How how) {
    return start(data, data.resolveSibling(data.getFileName() + ".logs"), how);
  }

  /** The same with its output in another directory. */
  static ServeRun start(Path data, Path logs, How how) {
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i"));
    command.addAll(how.environment());
    command.addAll(List.of("/bin/sh", "-c", "umask $0; exec \"$@\"", how.umask()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(how.jvm());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("serve", "--data-dir", data.toString()));
    for (String port : List.of("--mqtt-port", "--http-port")) {
      if (how.options().stream().noneMatch(each -> each.startsWith(port))) {
        command.add(port + "=0");
      }
    }
    command.addAll(how.options());
    // Of this run alone: the standard error is appended to.
    deleteIfThere(logs.resolve("serve.err"));
    return new ServeRun(data, logs, Child.start(logs, "serve", line -> {}, command));
  }

  private static void deleteIfThere(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new AssertionError("cannot delete " + file, failed);
    }
  }

  Child process() {
    return process;
  }

  /** Waits until it serves, or has ended: then not. */
  boolean serves() {
    try {
      process.await("billing: HTTP on");
      return true;
    } catch (AssertionError ended) {
      if (process.isAlive()) {
        throw ended;
      }
      return false;
    }
  }

  String output() throws IOException {
    return Files.readString(logs.resolve("serve.out"));
  }

  /** What it has said on standard error. */
  String errors() throws IOException {
    return Files.readString(logs.resolve("serve.err"));
  }

  /** Whether it was refused as it is to be: exit code 3, one line, nothing left running. */
  boolean isRefusedInOneLine() throws IOException {
    return process.awaitEnd() == 3
        && errors().lines().count() == 1
        && errors().startsWith("billing: ")
        && postgres(data) == 0;
  }

  /** SIGTERM; whether it ended in order and took its PostgreSQL along. */
  boolean stopsInOrder() {
    process.stop();
    return process.awaitEnd() == 143 && postgres(data) == 0;
  }

  /** Processes of a PostgreSQL whose programs are in a data directory. */
  static long postgres(Path data) {
    return ProcessHandle.allProcesses()
        .filter(each -> each.info().command().orElse("").startsWith(data + "/"))
        .count();
  }

  /** Files, directories and sockets below a data directory, and itself, that others may use. */
  static List<Path> openToOthers(Path data) throws IOException {
    List<Path> open = new ArrayList<>();
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            return look(directory);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            return attributes.isSymbolicLink() ? FileVisitResult.CONTINUE : look(file);
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException deletedMeanwhile) {
            return FileVisitResult.CONTINUE;
          }

          private FileVisitResult look(Path path) throws IOException {
            Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
            mode.addAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            if (mode.removeAll(OF_OTHERS)) {
              open.add(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return open;
  }

  /** SIGKILL, if it lives; and the end of its PostgreSQL. */
  @Override
  public void close() {
    process.close();
    ProcessHandle.allProcesses()
        .filter(each -> each.info().command().orElse("").startsWith(data + "/"))
        .forEach(ProcessHandle::destroyForcibly);
  }
}
