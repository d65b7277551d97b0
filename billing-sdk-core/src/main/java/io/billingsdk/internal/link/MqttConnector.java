package io.billingsdk.internal.link;

import io.billingsdk.BillingException;
import io.billingsdk.Credentials;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections with the MQTT library, on executors of its own.
 *
 * <p>The library's defaults are a non-daemon thread of the highest priority and a scheduler that
 * the whole process shares: one blocked callback of anybody would stall this client.
 */
final class MqttConnector implements Connector {
  private static final Duration PREPARATION_TIMEOUT = Duration.ofSeconds(10);

  /** After which a thread without work ends. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final LinkSettings settings;
  private final ExecutorService eventLoop = daemon("billing-mqtt");
  private final ExecutorService callbacks = daemon("billing-mqtt-callbacks");
  private final ExecutorService preparation = daemon("billing-connect");

  /** The preparation of the last attempt; a supplier that hangs must not pile up threads. */
  private @Nullable CompletableFuture<Preparation> preparing;

  MqttConnector(LinkSettings settings) {
    this.settings = settings;
  }

  /** What an attempt needs that is read anew for each, so that it can rotate. */
  record Preparation(@Nullable Credentials credentials, @Nullable TlsMaterial tls) {}

  @Override
  public Connection open(Events events) {
    MqttConnection connection = new MqttConnection(settings, eventLoop, callbacks, events);
    if (preparing != null && !preparing.isDone()) {
      events.failed(connection.classify(new BillingException(stillWaiting())));
      return connection;
    }
    CompletableFuture<Preparation> prepared =
        CompletableFuture.supplyAsync(this::prepare, preparation);
    preparing = prepared;
    var unused =
        prepared
            .copy()
            .orTimeout(PREPARATION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (preparation, failure) -> {
                  if (failure == null) {
                    connection.connect(preparation);
                  } else {
                    events.failed(connection.classify(explained(failure)));
                  }
                });
    return connection;
  }

  @Override
  public void shutdown() {
    // The others are left to run dry: the library still hands them its last tasks, and would print
    // a stack trace if they were refused.
    preparation.shutdownNow();
  }

  private Preparation prepare() {
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

  private static ExecutorService daemon(String name) {
    ThreadFactory threads =
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        };
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE.toMillis(),
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        threads);
  }
}
