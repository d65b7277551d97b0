package io.billingsdk.server.invoices;

import io.billingsdk.server.ingest.Testbed.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The processor time of this JVM and of the sessions of its database: beside others on a machine,
 * it says more than seconds do.
 *
 * @param sessions of those that there are
 */
record CpuUsed(Duration jvm, Duration sessions) {
  /** Until now. */
  static CpuUsed now(World world) throws SQLException {
    Duration sessions = Duration.ZERO;
    for (long pid : world.sessions()) {
      sessions = sessions.plus(of(ProcessHandle.of(pid)));
    }
    return new CpuUsed(of(Optional.of(ProcessHandle.current())), sessions);
  }

  private static Duration of(Optional<ProcessHandle> process) {
    return process.flatMap(each -> each.info().totalCpuDuration()).orElse(Duration.ZERO);
  }

  CpuUsed since(CpuUsed before) {
    return new CpuUsed(jvm.minus(before.jvm), sessions.minus(before.sessions));
  }
}
