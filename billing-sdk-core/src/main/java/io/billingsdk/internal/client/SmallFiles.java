package io.billingsdk.internal.client;

import io.billingsdk.Protocol;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.keys.KeySnapshotWriter;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.internal.time.SerialScheduler;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The small files beside the journal: the secret, the protocol, the keys. Somebody may remove them
 * while the process runs: they are written again. Beside a journal in memory there are none, and
 * the secret ends with the process.
 *
 * <p>Confined to the scheduler's thread, except {@link #recall} and {@link #close}, which wait for
 * the disk. What waits for the disk later runs on a thread of its own, one task at a time.
 */
final class SmallFiles {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Negotiation negotiation;
  private final Scheduler scheduler;
  private final SerialScheduler disk;
  private final SecretFile secret;
  private final @Nullable Beside beside;
  private @Nullable Cancellable next;

  /** The files that only a directory has. */
  private record Beside(ProtocolFile protocol, KeySnapshotWriter keys) {}

  /** Does nothing yet. */
  SmallFiles(ClientContext context, Negotiation negotiation, KeyTable keys) {
    this.negotiation = negotiation;
    this.scheduler = context.scheduler();
    this.disk =
        new SerialScheduler(
            "billing-files", LoggerFactory.getLogger(LoggerNames.BUFFER), context.faults());
    Path directory = PartSettings.directory(context.config()).orElse(null);
    this.secret = new SecretFile(directory);
    this.beside =
        directory == null
            ? null
            : new Beside(
                new ProtocolFile(directory),
                new KeySnapshotWriter(
                    keys,
                    directory,
                    context.clock(),
                    scheduler,
                    disk,
                    context.config().maxKeyStaleness()));
  }

  StreamSecrets secrets() {
    return secret;
  }

  /** Takes up what earlier processes knew of the secret, the protocol and the keys. */
  void recall() {
    secret.open();
    if (beside == null) {
      return;
    }
    if (negotiation.mayBeV2() && beside.protocol().remembersV2()) {
      negotiation.sawV2();
    }
    if (negotiation.spoken() == Protocol.V2) {
      beside.keys().restore();
    }
  }

  /** Looks now and again from now on. */
  void begin() {
    if (beside != null) {
      next = scheduler.schedule(this::lookAgain, PAUSE);
    }
  }

  private void lookAgain() {
    look();
    begin();
  }

  /** Looks whether they are there. */
  void look() {
    if (beside != null) {
      beside.keys().look();
      disk.execute(secret::rememberAgain);
      if (negotiation.spoken() == Protocol.V2) {
        disk.execute(beside.protocol()::rememberV2Again);
      }
    }
  }

  /** Protocol v2 was seen. */
  void rememberV2() {
    if (beside != null) {
      disk.execute(beside.protocol()::rememberV2);
    }
  }

  /** The key table has changed by a message of v2; on any thread. */
  void keysChanged() {
    if (beside != null) {
      scheduler.execute(beside.keys()::changed);
    }
  }

  /** Looks no more, and writes the keys once more. */
  void end() {
    if (next != null) {
      next.cancel();
      next = null;
    }
    if (beside != null) {
      beside.keys().close();
    }
  }

  /** Waits for the last of what was to be written; not on the scheduler's thread. */
  void close(Duration timeout) {
    disk.shutdown(timeout);
  }
}
