package io.billingsdk.broker;

import com.codahale.metrics.MetricRegistry;
import com.google.inject.Injector;
import com.hivemq.HiveMQServer;
import com.hivemq.configuration.ConfigurationBootstrap;
import com.hivemq.configuration.info.SystemInformationImpl;
import com.hivemq.embedded.EmbeddedExtension;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * HiveMQ, started as {@code EmbeddedHiveMQ} starts it, with one difference: it hands out its parts,
 * which a handler in its pipeline needs. Started once, and stopped once.
 */
final class BrokerInstance {
  private final Workspace workspace;
  private final EmbeddedExtension extension;
  private final AtomicReference<@Nullable HiveMQServer> server = new AtomicReference<>();

  BrokerInstance(Workspace workspace, EmbeddedExtension extension) {
    this.workspace = workspace;
    this.extension = extension;
  }

  /** Starts it on a thread of its own, from which the broker's threads inherit. */
  void start(long timeoutSeconds)
      throws ExecutionException, TimeoutException, InterruptedException {
    FutureTask<@Nullable Void> starting =
        new FutureTask<>(
            () -> {
              startNow();
              return null;
            });
    new Thread(starting, "billing-broker-start").start();
    starting.get(timeoutSeconds, TimeUnit.SECONDS);
  }

  /** Its parts. */
  Injector parts() {
    HiveMQServer started = server.get();
    Injector parts = started == null ? null : started.getInjector();
    if (parts == null) {
      throw new IllegalStateException("the broker has no parts before its start");
    }
    return parts;
  }

  /** Returns when its port is free. */
  void stop() {
    HiveMQServer started = server.getAndSet(null);
    if (started != null) {
      started.stop();
    }
  }

  private void startNow() throws Exception {
    SystemInformationImpl where =
        new SystemInformationImpl(
            /* usePathOfRunningJar= */ true,
            /* embedded= */ true,
            workspace.configuration().toFile(),
            workspace.data().toFile(),
            workspace.extensions().toFile());
    where.init();
    HiveMQServer created =
        new HiveMQServer(
            where,
            new MetricRegistry(),
            ConfigurationBootstrap.bootstrapConfig(where),
            // It would take the host's appenders away and redirect java.util.logging.
            /* enableLoggingBootstrap= */ false,
            /* migrate= */ false);
    server.set(created);
    created.bootstrap();
    created.startInstance(extension);
  }
}
