package io.billingsdk.internal.link;

import io.billingsdk.BillingException;
import io.billingsdk.Credentials;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.time.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections with the MQTT library, on executors of its own.
 *
 * <p>The library's defaults are a non-daemon thread of the highest priority and a scheduler that
 * the whole process shares: one blocked callback of anybody would stall this client.
 */
final class MqttConnector implements Connector {
  private static final Duration PREPARATION_TIMEOUT = Duration.ofSeconds(10);

  private final LinkSettings settings;
  private final Scheduler scheduler;
  private final Faults faults;
  private final MqttThreads eventLoop = new MqttThreads("billing-mqtt");
  private final MqttThreads callbacks = new MqttThreads("billing-mqtt-callbacks");
  private final MqttThreads preparation = new MqttThreads("billing-connect");

  /** The preparation of the last attempt; a supplier that hangs must not pile up threads. */
  private @Nullable CompletableFuture<Preparation> preparing;

  /**
   * Opens nothing yet.
   *
   * @param scheduler tells when something takes too long
   */
  MqttConnector(LinkSettings settings, Scheduler scheduler, Faults faults) {
    this.settings = settings;
    this.scheduler = scheduler;
    this.faults = faults;
  }

  /** The inputs of an attempt that are read again for each, so that they can rotate. */
  record Preparation(@Nullable Credentials credentials, @Nullable TlsMaterial tls) {}

  @Override
  public Connection open(Events events) {
    MqttConnection connection =
        new MqttConnection(settings, scheduler, eventLoop, callbacks, events, faults);
    if (preparing != null && !preparing.isDone()) {
      events.failed(connection.classify(new BillingException(stillWaiting())));
      return connection;
    }
    CompletableFuture<Preparation> prepared =
        CompletableFuture.supplyAsync(this::prepare, preparation);
    preparing = prepared;
    var unused =
        Timeouts.within(PREPARATION_TIMEOUT, scheduler, prepared.copy())
            .whenComplete(
                (preparation, failure) -> {
                  // Out of here it would vanish in this future, and no attempt follow.
                  connection.guarded(
                      () -> {
                        if (failure == null) {
                          connection.connect(preparation);
                        } else {
                          connection.fail(explained(failure));
                        }
                      });
                });
    return connection;
  }

  @Override
  public void shutdown() {
    eventLoop.end();
    callbacks.end();
    // A supplier that hangs may listen to this.
    preparation.endNow();
  }

  @Override
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    long untilNanos = System.nanoTime() + timeout.toNanos();
    // In this order: what ends the event loop may still call back.
    boolean first = eventLoop.awaitEnd(untilNanos);
    boolean second = callbacks.awaitEnd(untilNanos);
    boolean third = preparation.awaitEnd(untilNanos);
    return first && second && third;
  }

  private Preparation prepare() {
    MqttLibrary.verify();
    LinkSettings.Tls tls = settings.tls();
    return new Preparation(askForCredentials(), tls == null ? null : TlsMaterial.read(tls));
  }

  private @Nullable Credentials askForCredentials() {
    if (settings.credentials() == null) {
      return null;
    }
    @Nullable Credentials answer;
    try {
      answer = settings.credentials().get();
    } catch (Throwable failed) {
      // Its message is somebody else's and may hold the secret that it failed on.
      throw new BillingException(
          "the credentials supplier failed with " + failed.getClass().getName());
    }
    if (answer == null) {
      throw new BillingException("the credentials supplier returned null");
    }
    return answer;
  }

  private static Throwable explained(Throwable failure) {
    return failure instanceof java.util.concurrent.TimeoutException
        ? new BillingException(stillWaiting())
        : failure;
  }

  private static String stillWaiting() {
    return "the credentials supplier or the certificate files did not answer within "
        + PREPARATION_TIMEOUT.toSeconds()
        + " s";
  }
}
