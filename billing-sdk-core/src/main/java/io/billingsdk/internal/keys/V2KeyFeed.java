package io.billingsdk.internal.keys;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.MessageLog;
import io.billingsdk.internal.keys.VersionedKeys.KeyChangeResult;
import io.billingsdk.internal.keys.VersionedKeys.Standing;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.protocol.KeyFeedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link KeyTable} up to date by protocol v2: asks for a snapshot after each connect and
 * after each gap, and again until the table is current; takes in every change.
 *
 * <p>{@link #received} is called on a thread of the MQTT client, so that a block works at once; the
 * others on the scheduler's thread.
 */
public final class V2KeyFeed {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.KEYS);
  private final MessageLog messages = new MessageLog(log);

  /** Changes that come in a row, each beyond a gap, must not each ask for a whole table. */
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

  private final KeyTable table;
  private final Clock clock;
  private final Scheduler scheduler;
  private final RetrySchedule retry;
  private final Runnable sendRequest;
  private final Consumer<List<KeyChange>> onChange;

  private volatile boolean wanted = true;

  private boolean connected;
  private @Nullable Cancellable nextRequest;
  private int requests;
  private long lastRequestNanos;
  private boolean asked;

  /**
   * A feed that asks by {@code sendRequest}, during which {@link #wanted} is true.
   *
   * @param onChange called after each message by which the table became current, or changed
   */
  public V2KeyFeed(
      KeyTable table,
      Clock clock,
      Scheduler scheduler,
      RetrySchedule retry,
      Runnable sendRequest,
      Consumer<List<KeyChange>> onChange) {
    this.table = table;
    this.clock = clock;
    this.scheduler = scheduler;
    this.retry = retry;
    this.sendRequest = sendRequest;
    this.onChange = onChange;
  }

  /** The link is up and subscribed, and the billing system there. */
  public void up() {
    if (!connected) {
      connected = true;
      wanted = true;
      requests = 0;
      table.feedUp();
      request();
    }
  }

  /** The link is down, or the billing system has gone. */
  public void down() {
    connected = false;
    table.feedDown();
    cancelRequest();
  }

  /** Whether a snapshot is needed. */
  public boolean wanted() {
    return wanted;
  }

  /** A message of the key feed came. */
  public void received(byte[] payload) {
    KeyFeedMessage message;
    try {
      message = KeyFeedMessage.decode(payload);
    } catch (IOException malformed) {
      messages.warn(
          "a key message of {} bytes is ignored: {}", payload.length, malformed.getMessage());
      return;
    }
    if (message.skipped() > 0) {
      messages.warn("{} malformed entries of a key message are ignored", message.skipped());
    }
    KeyChangeResult result = table.apply(message);
    log.trace("keys of version {}: {}", message.version(), result.standing());
    if (result.standing() == Standing.CURRENT) {
      wanted = false;
    } else if (result.standing() == Standing.GAP) {
      wanted = true;
      scheduler.execute(this::askSoon);
    }
    if (result.standing() == Standing.CURRENT || !result.changes().isEmpty()) {
      onChange.accept(result.changes());
    }
  }

  private void askSoon() {
    if (!connected || !wanted || nextRequest != null) {
      return;
    }
    requests = 0;
    long leftNanos = LEAST_PAUSE.toNanos() - (clock.monotonicNanos() - lastRequestNanos);
    if (!asked || leftNanos <= 0) {
      request();
    } else {
      nextRequest = scheduler.schedule(this::request, Duration.ofNanos(leftNanos));
    }
  }

  private void request() {
    nextRequest = null;
    if (!wanted || !connected) {
      return;
    }
    if (requests == 1) {
      log.warn("the billing system has not sent the key table; asking again");
    }
    asked = true;
    lastRequestNanos = clock.monotonicNanos();
    // First: a request that fails must not be the last one.
    nextRequest = scheduler.schedule(this::request, retry.delay(requests++));
    sendRequest.run();
  }

  private void cancelRequest() {
    if (nextRequest != null) {
      nextRequest.cancel();
      nextRequest = null;
    }
  }
}
