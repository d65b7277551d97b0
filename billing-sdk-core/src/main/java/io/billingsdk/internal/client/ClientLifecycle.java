package io.billingsdk.internal.client;

import io.billingsdk.Protocol;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends the parts of a client, each in its turn.
 *
 * <pre>
 *   open ──► begin ──► stop ──► awaitEnd
 * </pre>
 */
final class ClientLifecycle {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final ClientAssembly parts;
  private final Scheduler scheduler;
  private final Runnable onFirstKeys;

  /** Does nothing yet; {@code onFirstKeys} is run when an earlier process left its keys. */
  ClientLifecycle(ClientAssembly parts, Scheduler scheduler, Runnable onFirstKeys) {
    this.parts = parts;
    this.scheduler = scheduler;
    this.onFirstKeys = onFirstKeys;
  }

  /**
   * Opens the journal and takes up what earlier processes knew. Waits for the disk.
   *
   * @throws io.billingsdk.BillingException when a PEM file or the journal's directory cannot be
   *     used: it would never work, so the start is the time to say
   */
  void open() {
    if (parts.linkSettings().tls() != null) {
      parts.linkSettings().tls().verify();
    }
    parts
        .clientJournal()
        .open(
            () -> parts.negotiation().spoken() == Protocol.V2,
            parts.board()::failedInside,
            () -> scheduler.execute(parts.files()::look));
    parts.files().recall();
    if (parts.keys().loaded()) {
      onFirstKeys.run();
    }
  }

  /** Begins to connect; on the scheduler's thread. */
  void begin() {
    parts.files().begin();
    parts.session().begin();
    parts.link().start(parts.session());
  }

  /** Disconnects for good; on the scheduler's thread. */
  CompletableFuture<Void> stop() {
    parts.files().end();
    parts.session().down();
    return parts.link().close();
  }

  /**
   * Waits until the threads of the link have ended, and for the last files; not on the scheduler's
   * thread.
   */
  void awaitEnd(Duration timeout) {
    try {
      if (!parts.link().awaitEnd(timeout)) {
        log.trace("threads of the MQTT client have not ended within {}", timeout);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    parts.files().close(timeout);
  }
}
