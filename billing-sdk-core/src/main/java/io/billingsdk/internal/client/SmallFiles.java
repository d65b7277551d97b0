package io.billingsdk.internal.client;

import io.billingsdk.Protocol;
import io.billingsdk.internal.keys.KeyKeeper;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The small files beside the journal, which somebody may remove while the process runs: they are
 * written again. Confined to the scheduler's thread.
 */
final class SmallFiles {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final ProtocolFile protocol;
  private final KeyKeeper keys;
  private final SecretFile secret;
  private final Negotiation negotiation;
  private final Scheduler scheduler;
  private final Executor files;
  private @Nullable Cancellable next;

  /** Does nothing yet; {@code files} runs what waits for the disk, one task at a time. */
  SmallFiles(
      ProtocolFile protocol,
      KeyKeeper keys,
      SecretFile secret,
      Negotiation negotiation,
      Scheduler scheduler,
      Executor files) {
    this.protocol = protocol;
    this.keys = keys;
    this.secret = secret;
    this.negotiation = negotiation;
    this.scheduler = scheduler;
    this.files = files;
  }

  /** Looks now and again from now on. */
  void begin() {
    next = scheduler.schedule(this::lookAgain, PAUSE);
  }

  private void lookAgain() {
    look();
    begin();
  }

  /** Looks whether they are there. */
  void look() {
    keys.look();
    files.execute(secret::rememberAgain);
    if (negotiation.spoken() == Protocol.V2) {
      files.execute(protocol::rememberV2Again);
    }
  }

  /** Looks no more. */
  void end() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }
}
