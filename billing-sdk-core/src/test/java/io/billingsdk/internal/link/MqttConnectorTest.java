package io.billingsdk.internal.link;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.Credentials;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.time.SerialScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What can go wrong before the first byte is sent; none of these attempts gets to the network. */
@Timeout(60)
final class MqttConnectorTest {
  private final BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
  private final AtomicInteger ups = new AtomicInteger();
  private final SerialScheduler scheduler =
      new SerialScheduler(
          "test-timeouts", LoggerFactory.getLogger(MqttConnectorTest.class), new Faults());
  private @Nullable MqttConnector connector;

  @AfterEach
  void shutDown() {
    if (connector != null) {
      connector.shutdown();
    }
    scheduler.shutdown(Duration.ofSeconds(1));
    assertThat(ups).hasValue(0);
  }

  private final class ConnectorRecorder implements Connector.Events {
    @Override
    public void up(LinkLimits limits) {
      ups.incrementAndGet();
    }

    @Override
    public void failed(Failure failure) {
      failures.add(failure);
    }

    @Override
    public void received(String topic, byte[] payload) {}
  }

  private MqttConnector connector(
      @Nullable Supplier<Credentials> credentials, LinkSettings.@Nullable Tls tls) {
    connector =
        new MqttConnector(
            new LinkSettings(
                "broker.invalid",
                8883,
                "client",
                tls,
                credentials,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                () -> Subscriptions.allOf(List.of("billing/keys/update"))),
            scheduler,
            new Faults());
    return connector;
  }

  private Failure failureOf(MqttConnector used) throws InterruptedException {
    used.open(new ConnectorRecorder());
    return nextFailure();
  }

  private Failure nextFailure() throws InterruptedException {
    return requireNonNull(failures.poll(30, TimeUnit.SECONDS), "no failure was told");
  }

  private static void assertLocal(Failure failure, String message) {
    assertThat(failure.kind()).isEqualTo(ProblemKind.LOCAL);
    assertThat(failure.message()).contains(message).doesNotContain("canary");
  }

  @Test
  void open_supplierThrows_saysWhatButNotItsMessage() throws InterruptedException {
    Supplier<Credentials> supplier =
        () -> {
          throw new IllegalStateException("cannot decrypt sk-canary");
        };
    assertLocal(
        failureOf(connector(supplier, null)),
        "the credentials supplier failed with java.lang.IllegalStateException");
  }

  /** An error was classified by the message that it carried, which went into status and log. */
  @Test
  void open_supplierThrowsAnError_saysWhatButNotItsMessage() throws InterruptedException {
    Supplier<Credentials> supplier =
        () -> {
          throw new AssertionError("unexpected token sk-canary");
        };
    assertLocal(
        failureOf(connector(supplier, null)),
        "the credentials supplier failed with java.lang.AssertionError");
  }

  // A supplier of code that is not checked for null can return it all the same.
  @SuppressWarnings("NullAway")
  @Test
  void open_supplierReturnsNull_isAFailure() throws InterruptedException {
    assertLocal(failureOf(connector(() -> null, null)), "the credentials supplier returned null");
  }

  @Test
  void open_supplierHangs_laterAttemptsFailAtOnceAndAskNobody() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Supplier<Credentials> supplier =
        () -> {
          calls.incrementAndGet();
          asked.countDown();
          try {
            assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
          throw new IllegalStateException("sk-canary");
        };
    MqttConnector used = connector(supplier, null);
    used.open(new ConnectorRecorder());
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 5; i++) {
      used.open(new ConnectorRecorder());
      assertLocal(requireNonNull(failures.poll()), "did not answer within 10 s");
    }
    assertThat(calls).hasValue(1);
    hanging.countDown();
    assertLocal(nextFailure(), "IllegalStateException");
    assertLocal(failureOf(used), "IllegalStateException");
    assertThat(calls).as("asked again once it had answered").hasValue(2);
  }

  @Test
  void open_supplier_isAskedOnAThreadOfItsOwn() throws InterruptedException {
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    Supplier<Credentials> supplier =
        () -> {
          threads.add(Thread.currentThread());
          throw new IllegalStateException("planned");
        };
    failureOf(connector(supplier, null));
    Thread thread = requireNonNull(threads.poll());
    assertThat(thread.getName()).isEqualTo("billing-connect");
    assertThat(thread.isDaemon()).isTrue();
  }

  /** The library refuses such a name by throwing; nobody was told, and no attempt followed. */
  @Test
  void open_userNameThatMqttDoesNotAllow_isAFailure() throws InterruptedException {
    for (String name : List.of("canary\u0000", "canary\ud800", "canary" + "x".repeat(65_536))) {
      assertLocal(
          failureOf(connector(() -> new Credentials(name, "canary"), null)), "MQTT does not allow");
    }
  }

  @Test
  void open_pemFileMissing_isAFailureThatNamesIt() throws InterruptedException {
    Failure failure =
        failureOf(connector(null, new LinkSettings.Tls(Path.of("no-such.pem"), null, null)));
    assertLocal(failure, "caCertificates");
    assertThat(failure.message()).contains("no-such.pem").contains("cannot be read");
  }
}
