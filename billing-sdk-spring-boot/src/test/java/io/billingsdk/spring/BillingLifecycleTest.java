package io.billingsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.ConnectionState;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testkit.TestBilling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;

/** When the client is closed. */
final class BillingLifecycleTest {
  private final TestBilling client = TestBilling.create();

  /** A gRPC server of spring-grpc or net.devh has the default phase, which is the highest. */
  @Test
  void stop_ofAContext_closesTheClientAfterTheServer() {
    List<ConnectionState> stateWhenStopped = new ArrayList<>();
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      context.registerBean(
          BillingLifecycle.class,
          () -> new BillingLifecycle(client, Duration.ZERO, Duration.ofSeconds(1)));
      context.registerBean(
          SmartLifecycle.class, () -> new Server(() -> stateWhenStopped.add(state())));
      context.refresh();
      assertThat(state()).isEqualTo(ConnectionState.CONNECTED);
    }
    assertThat(stateWhenStopped).containsExactly(ConnectionState.CONNECTED);
    assertThat(state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  void start_ofAClientThatWasClosed_isRefused() {
    client.close();
    BillingLifecycle lifecycle = new BillingLifecycle(client, Duration.ZERO, Duration.ZERO);
    assertThatThrownBy(lifecycle::start).hasMessageContaining("create a new context");
    assertThat(lifecycle.isPauseable()).isFalse();
  }

  @Test
  void start_withoutKeys_saysSoAndStarts() {
    client.startOutage();
    client.loseKeys();
    BillingLifecycle lifecycle =
        new BillingLifecycle(client, Duration.ofMillis(1500), Duration.ofSeconds(1));
    try (LogCapture logs = LogCapture.start()) {
      lifecycle.start();
      assertThat(logs.text()).contains("no API keys after");
    }
    assertThat(lifecycle.isRunning()).isTrue();
    lifecycle.stop();
    assertThat(lifecycle.isRunning()).isFalse();
    assertThat(state()).isEqualTo(ConnectionState.CLOSED);
  }

  private ConnectionState state() {
    return client.status().state();
  }

  /** With the phase that servers have. */
  private static final class Server implements SmartLifecycle {
    private final Runnable onStop;
    private boolean running;

    Server(Runnable onStop) {
      this.onStop = onStop;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      onStop.run();
    }

    @Override
    public boolean isRunning() {
      return running;
    }
  }
}
