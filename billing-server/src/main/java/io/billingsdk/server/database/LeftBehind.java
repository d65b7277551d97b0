package io.billingsdk.server.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL that outlived the server that had started it. */
final class LeftBehind {
  private static final long PATIENCE_SECONDS = 60;

  private LeftBehind() {}

  /** Ends the postmaster that works in a data directory, if one does; returns when it is gone. */
  static void end(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile);
    Optional<ProcessHandle> postmaster =
        lines.isEmpty() ? Optional.empty() : postmaster(lines.get(0).trim());
    if (postmaster.isPresent()) {
      // SIGTERM: it waits for sessions, and those of a dead server have ended.
      postmaster.get().destroy();
      awaitEnd(postmaster.get());
    }
  }

  /** The process, if it is a PostgreSQL: after a reboot the number may be anybody's. */
  private static Optional<ProcessHandle> postmaster(String pid) {
    if (!pid.matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(pid))
        .filter(process -> process.info().command().orElse("").endsWith("postgres"));
  }

  private static void awaitEnd(ProcessHandle process) throws IOException {
    try {
      process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException("the PostgreSQL of an earlier run does not end: " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the PostgreSQL of an earlier run ends", e);
    }
  }
}
