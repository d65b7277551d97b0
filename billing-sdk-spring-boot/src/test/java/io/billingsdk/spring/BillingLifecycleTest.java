package io.billingsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.ConnectionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;

/** When the client is closed. */
final class BillingLifecycleTest {
  private final StandInClient client = new StandInClient(ConnectionState.CONNECTED);

  /** A gRPC server of spring-grpc or net.devh has the default phase, which is the highest. */
  @Test
  void stop_ofAContext_closesTheClientAfterTheServer() {
    List<Integer> closedWhenStopped = new ArrayList<>();
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      context.registerBean(
          BillingLifecycle.class,
          () -> new BillingLifecycle(client, Duration.ZERO, Duration.ofSeconds(1)));
      context.registerBean(
          SmartLifecycle.class, () -> new Server(() -> closedWhenStopped.add(client.closed())));
      context.refresh();
      assertThat(client.closed()).isZero();
    }
    assertThat(closedWhenStopped).containsExactly(0);
    assertThat(client.closed()).isEqualTo(1);
  }

  @Test
  void start_ofAClientThatWasClosed_isRefused() {
    BillingLifecycle lifecycle =
        new BillingLifecycle(
            new StandInClient(ConnectionState.CLOSED), Duration.ZERO, Duration.ZERO);
    assertThatThrownBy(lifecycle::start).hasMessageContaining("make a new context");
    assertThat(lifecycle.isPauseable()).isFalse();
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
