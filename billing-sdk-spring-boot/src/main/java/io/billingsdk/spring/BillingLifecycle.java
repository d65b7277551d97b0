package io.billingsdk.spring;

import io.billingsdk.BillingClient;
import io.billingsdk.ConnectionState;
import io.billingsdk.DrainReport;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Waits for the keys before the gRPC server starts, and closes the client after it has stopped: the
 * usage of the last calls is delivered too. Servers have the highest phases, this has one of the
 * lowest.
 */
final class BillingLifecycle implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger("io.billingsdk.Client");

  /** Starts before the parts that report usage, and stops after them. */
  static final int PHASE = Integer.MIN_VALUE + 1000;

  private final BillingClient client;
  private final Duration startupWait;
  private final Duration closeTimeout;
  private volatile boolean running;

  BillingLifecycle(BillingClient client, Duration startupWait, Duration closeTimeout) {
    this.client = client;
    this.startupWait = startupWait;
    this.closeTimeout = closeTimeout;
  }

  @Override
  public void start() {
    if (client.status().state() == ConnectionState.CLOSED) {
      throw new IllegalStateException(
          "the billing client was closed when this context was stopped: create a new context");
    }
    if (!startupWait.isZero() && !client.awaitReady(startupWait)) {
      log.warn(
          "no API keys after {} s: the application starts, and calls are refused with UNAVAILABLE"
              + " until the keys have come (state {})",
          startupWait.toMillis() / 1000.0,
          client.status().state());
    }
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    DrainReport report = client.close(closeTimeout);
    log.info(
        "billing client closed: delivered {}, held in the journal {}, set aside {}, lost {}",
        report.delivered(),
        report.held(),
        report.deadLettered(),
        report.lost());
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  /**
   * Spring 7 stops contexts that a test does not use and starts them once more; a client cannot be
   * started a second time. Not an override with Spring 6.
   */
  public boolean isPauseable() {
    return false;
  }
}
