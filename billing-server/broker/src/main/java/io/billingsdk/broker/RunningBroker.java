package io.billingsdk.broker;

import com.google.common.util.concurrent.ListenableFuture;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.extension.sdk.api.services.publish.PublishService;
import com.hivemq.extension.sdk.api.services.session.ClientService;
import com.hivemq.persistence.clientqueue.ClientQueuePersistence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the broker, from a bound port to a released one. */
final class RunningBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunningBroker.class);

  private static final long START_TIMEOUT_SECONDS = 180;

  /** The broker keeps its services in static fields while it starts: one start at a time. */
  private static final Object STARTING = new Object();

  private final BrokerSettings settings;
  private final Workspace workspace;
  private final BrokerExtension extension;
  private final BrokerInstance broker;

  private RunningBroker(BrokerSettings settings, Workspace workspace, BrokerExtension extension) {
    this.settings = settings;
    this.workspace = workspace;
    this.extension = extension;
    this.broker = new BrokerInstance(workspace, describe(extension));
    extension.within(broker);
  }

  static RunningBroker start(BrokerSettings settings, int port) {
    QuietLogging.apply();
    try {
      Workspace workspace = Workspace.create(settings, port);
      synchronized (STARTING) {
        RunningBroker running =
            new RunningBroker(settings, workspace, new BrokerExtension(settings));
        running.startOrClose(port);
        return running;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the broker cannot write its directories", e);
    }
  }

  int port() {
    return extension.boundPort();
  }

  ClientService clients() {
    return extension.clients();
  }

  PublishService publishes() {
    return extension.publishes();
  }

  CompletableFuture<Integer> waitingFor(String clientId) {
    ListenableFuture<Integer> asked =
        broker
            .parts()
            .getInstance(ClientQueuePersistence.class)
            .size(clientId, /* shared= */ false);
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    asked.addListener(
        () -> {
          try {
            answer.complete(asked.get());
          } catch (ExecutionException | InterruptedException | RuntimeException failed) {
            answer.completeExceptionally(failed);
          }
        },
        Runnable::run);
    return answer;
  }

  @Nullable Handovers handovers() {
    return extension.handovers();
  }

  /** Stops the broker; returns when its port is free and its secrets are deleted. */
  @Override
  public void close() {
    broker.stop();
    try {
      workspace.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's directory cannot be deleted", e);
    }
  }

  private void startOrClose(int port) {
    Thread.UncaughtExceptionHandler hosts = Thread.getDefaultUncaughtExceptionHandler();
    try {
      await(port);
      if (!extension.guards() || port() <= 0) {
        throw new IllegalStateException("the broker started without a listener or without users");
      }
      workspace.restrict();
      watchTls();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("the broker's files cannot be kept from others", e);
    } catch (RuntimeException e) {
      close();
      throw e;
    } finally {
      // The broker installs a handler for the whole JVM that may call System.exit.
      Thread.setDefaultUncaughtExceptionHandler(hosts);
    }
  }

  private void watchTls() throws IOException {
    if (settings.certificate() != null
        && !TlsFailures.watch(broker.parts(), port(), settings.refusals())) {
      log.warn("TLS handshakes that fail are not logged: the broker's listener is not as expected");
    }
  }

  /** What its configuration file cannot say. */
  private static void configure() {
    // An embedded broker lets everybody in when its extension fails to start.
    InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(true);
    InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
    // In memory there is nothing to save: waiting two seconds at every stop gains nothing.
    InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(0);
  }

  private void await(int port) {
    configure();
    try {
      broker.start(START_TIMEOUT_SECONDS);
    } catch (ExecutionException e) {
      String where = BrokerConfigXml.BIND_ADDRESS + ":" + port;
      throw new IllegalStateException(
          "the broker cannot listen on " + where + " (is the port in use?)", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the broker did not start within " + START_TIMEOUT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker started", e);
    }
  }

  private static EmbeddedExtension describe(BrokerExtension extension) {
    return EmbeddedExtension.builder()
        .withId("billing-broker")
        .withName("billing-broker")
        .withVersion("1")
        .withAuthor("billing-sdk")
        .withPriority(0)
        .withStartPriority(1000)
        .withExtensionMain(extension)
        .build();
  }
}
