package io.billingsdk.internal.keys;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.MessageLog;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.V1Codec;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link KeyTable} up to date: asks for the table after each connect, and again until an
 * update comes; takes in every update.
 *
 * <p>{@link #up} and {@link #down} are called on the scheduler's thread, {@link #take} on a thread
 * of the MQTT client.
 */
public final class V1KeyFeed {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.KEYS);
  private final MessageLog messages = new MessageLog(log);

  private final KeyTable table;
  private final Scheduler scheduler;
  private final RetrySchedule retry;
  private final Runnable sendRequest;
  private final Consumer<List<KeyChange>> onChange;

  /** Whether an update came on this connection. */
  private volatile boolean answered;

  private @Nullable Cancellable nextRequest;
  private int requests;

  /**
   * A feed that asks by {@code sendRequest}.
   *
   * @param onChange called after each update that was taken in, also when it changed nothing
   */
  public V1KeyFeed(
      KeyTable table,
      Scheduler scheduler,
      RetrySchedule retry,
      Runnable sendRequest,
      Consumer<List<KeyChange>> onChange) {
    this.table = table;
    this.scheduler = scheduler;
    this.retry = retry;
    this.sendRequest = sendRequest;
    this.onChange = onChange;
  }

  /** The link is up and subscribed. */
  public void up() {
    answered = false;
    requests = 0;
    table.feedUp();
    request();
  }

  /** The link is down. */
  public void down() {
    table.feedDown();
    if (nextRequest != null) {
      nextRequest.cancel();
      nextRequest = null;
    }
  }

  /** Reads a message of the key feed; null when it is malformed. */
  public @Nullable KeyUpdate decode(byte[] message) {
    try {
      return V1Codec.decodeKeyUpdate(message);
    } catch (IOException malformed) {
      messages.warn(
          "a key update of {} bytes is ignored: {}", message.length, malformed.getMessage());
      return null;
    }
  }

  /** Takes an update in. */
  public void take(KeyUpdate update) {
    if (update.skipped() > 0) {
      messages.warn("{} malformed entries of a key update are ignored", update.skipped());
    }
    List<KeyChange> changes = table.apply(update);
    answered = true;
    log.trace("a key update with {} entries changed {}", update.entries().size(), changes.size());
    onChange.accept(changes);
  }

  private void request() {
    nextRequest = null;
    if (answered) {
      return;
    }
    if (requests == 1) {
      log.warn("the billing system has not answered the request for keys; asking again");
    }
    // First: a request that fails must not be the last one.
    nextRequest = scheduler.schedule(this::request, retry.delay(requests++));
    sendRequest.run();
  }
}
