package io.billingsdk.examples.demo;

import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.examples.demo.Narrator.Voice;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells what the gateway's billing client hears, and lets others wait for a key to be blocked. */
final class KeyWatch implements BillingListener {
  private final Narrator narrator;
  private final Map<String, CountDownLatch> blocked = new ConcurrentHashMap<>();

  KeyWatch(Narrator narrator) {
    this.narrator = narrator;
  }

  @Override
  public void statusChanged(ClientStatus status) {
    if (status.state() == ConnectionState.CLOSED) {
      // The end is no news, and would come after the result.
      return;
    }
    ClientStatus.Problem problem = status.lastProblem();
    narrator.say(
        Voice.GATEWAY,
        "connection to the broker: %s%s",
        status.state(),
        problem == null ? "" : " (last problem: " + problem.message() + ")");
  }

  @Override
  public void keyChanged(KeyChange change) {
    if (change.blocked()) {
      String reason = change.reason() == null ? "" : ": " + change.reason();
      narrator.say(
          Voice.GATEWAY,
          "received by push: key %s of %s is blocked%s",
          change.caller().keyId(),
          change.caller().appId(),
          reason);
      latch(change.caller().keyId()).countDown();
    }
  }

  /** Whether a key was blocked within the time. */
  boolean awaitBlocked(String keyId, Duration timeout) throws InterruptedException {
    return latch(keyId).await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CountDownLatch latch(String keyId) {
    return blocked.computeIfAbsent(keyId, any -> new CountDownLatch(1));
  }
}
