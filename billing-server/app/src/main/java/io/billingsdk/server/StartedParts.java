package io.billingsdk.server;

import io.billingsdk.server.common.InstallationException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What of a server was started, to be closed in the opposite order. For one thread, except {@link
 * #stopStarting}.
 */
final class StartedParts {
  /** The last first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private volatile boolean stopping;

  /** Makes a start that is under way fail at its next step. For any thread. */
  void stopStarting() {
    stopping = true;
  }

  /**
   * Adds a part before it is started, so that one whose start fails is closed too.
   *
   * @throws InstallationException after {@link #stopStarting}
   */
  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    if (stopping) {
      throw new InstallationException("stopped while it started");
    }
    return part;
  }

  /** Closes all, each whatever becomes of the others. */
  void close() {
    RuntimeException first = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception failed) {
        // The others are to be ended all the same.
        first =
            first == null
                ? new InstallationException("the server did not stop cleanly", failed)
                : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
