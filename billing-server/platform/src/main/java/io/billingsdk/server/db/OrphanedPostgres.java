package io.billingsdk.server.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A PostgreSQL that outlived the server that had started it, or the file that it left. */
final class OrphanedPostgres {
  private OrphanedPostgres() {}

  /**
   * Ends the postmaster that works in a data directory, if one does; returns when it is gone.
   * Another process whose number is in the file is left alone, and the file is deleted: PostgreSQL
   * would take the number for a postmaster and refuse to start.
   */
  static void end(Path data) throws IOException {
    Optional<PidFile> file = PidFile.in(data);
    Optional<ProcessHandle> postmaster = file.flatMap(each -> each.process(data));
    if (postmaster.isPresent()) {
      // Sessions of a dead server have ended; a command's would hold up an end that waits for it.
      Signals.end(postmaster.get());
    }
    Files.deleteIfExists(data.resolve(PidFile.NAME));
  }

  /**
   * The same of a postmaster that has gone, and of the sessions that it left: one that is busy sees
   * only later that it is alone, and holds the shared memory until then.
   */
  static void endOrphans(Path data) throws IOException {
    end(data);
    for (ProcessHandle session : PidFile.allIn(data)) {
      Signals.endOrphan(session);
    }
  }
}
