package io.billingsdk.internal.client;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.EventJournal;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs when the JVM ends in order (System.exit, SIGTERM, the end of the last thread) and nobody has
 * closed the client: writes all accepted events to the journal and forces it. Nothing is delivered,
 * and nothing refused: other hooks may still report, or close the client.
 */
final class ShutdownHook {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final EventJournal journal;
  private final boolean isOnDisk;
  private final Thread thread;

  ShutdownHook(EventJournal journal, boolean isOnDisk) {
    this.journal = journal;
    this.isOnDisk = isOnDisk;
    this.thread = new Thread(this::run, "billing-shutdown");
  }

  void install() {
    try {
      Runtime.getRuntime().addShutdownHook(thread);
    } catch (IllegalStateException ending) {
      // Started by another hook, which then has to close it, too.
      log.trace("the JVM is ending already", ending);
    }
  }

  /** Without it the JVM would hold on to the client, and its class loader, for good. */
  void remove() {
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException ending) {
      log.trace("the JVM is ending", ending);
    }
  }

  private void run() {
    long lost = journal.secure(PATIENCE);
    long pending = journal.figures().pending();
    if (lost > 0 && isOnDisk) {
      log.error(
          "the JVM ends without Billing.close, and {} accepted events could not be written to the"
              + " journal within {} s: they are lost",
          lost,
          PATIENCE.toSeconds());
    } else if (lost > 0) {
      log.warn(
          "the JVM ends without Billing.close: {} accepted events are lost, since journalInMemory"
              + " keeps them in memory only",
          lost);
    } else if (pending > 0) {
      log.info(
          "the JVM ends without Billing.close: {} accepted events are in the journal, and are"
              + " delivered after the next start",
          pending);
    }
  }
}
