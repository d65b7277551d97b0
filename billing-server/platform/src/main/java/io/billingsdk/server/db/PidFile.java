package io.billingsdk.server.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a postmaster writes of itself into its data directory: {@code postmaster.pid}. After a crash
 * or a reboot the number in it may be anybody's, also that of another server's PostgreSQL.
 *
 * @param pid its number
 * @param startSeconds when it started, by the wall clock
 * @param status {@code starting}, {@code ready} and others; empty until it says one
 */
record PidFile(long pid, long startSeconds, String status) {
  static final String NAME = "postmaster.pid";

  private static final int START = 2;
  private static final int STATUS = 7;

  /** The two are taken at different moments, and one of them is counted in seconds. */
  private static final Duration TOLERANCE = Duration.ofSeconds(3);

  /** That of a data directory; empty when there is none, or none that can be read as one. */
  static Optional<PidFile> in(Path data) throws IOException {
    try {
      List<String> lines = Files.readAllLines(data.resolve(NAME), StandardCharsets.ISO_8859_1);
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new PidFile(
                  Long.parseLong(lines.get(0).trim()),
                  lines.size() > START ? Long.parseLong(lines.get(START).trim()) : 0,
                  lines.size() > STATUS ? lines.get(STATUS).trim() : ""));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (NumberFormatException halfWritten) {
      return Optional.empty();
    }
  }

  boolean isReady() {
    return status.equals("ready");
  }

  /**
   * The process, if it is a PostgreSQL and the one that works in this data directory.
   *
   * <p>By its program and the directory in which it works, where the system tells; otherwise by its
   * program and the moment when it started.
   */
  Optional<ProcessHandle> process(Path data) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(PidFile::isPostgres)
        .filter(each -> worksIn(each, data));
  }

  /** All processes of PostgreSQL in a data directory; none where the system does not tell. */
  static List<ProcessHandle> allIn(Path data) {
    return ProcessHandle.allProcesses()
        .filter(PidFile::isPostgres)
        .filter(each -> isItsDirectory(each, data))
        .toList();
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().orElse("").matches(".*/postgres( \\(deleted\\))?");
  }

  private static boolean isItsDirectory(ProcessHandle process, Path data) {
    try {
      return Files.isSameFile(Path.of("/proc", Long.toString(process.pid()), "cwd"), data);
    } catch (IOException goneOrOfAnotherUser) {
      return false;
    }
  }

  private boolean worksIn(ProcessHandle process, Path data) {
    if (Files.exists(Path.of("/proc/self/cwd"))) {
      return isItsDirectory(process, data);
    }
    Instant said = Instant.ofEpochSecond(startSeconds);
    return process
        .info()
        .startInstant()
        .filter(start -> Duration.between(start, said).abs().compareTo(TOLERANCE) <= 0)
        .isPresent();
  }
}
