package io.billingsdk.system;

import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One {@link ModelCollector} after another. */
final class Collectors implements Backend {
  private static final String KEY = "canary-key-of-the-system-tests";

  private final TestBroker broker;
  private final Postgres database;
  private final Plant plant;
  private final int protocol;
  private int lives;
  private @Nullable Child running;

  Collectors(TestBroker broker, Postgres database, Plant plant, int protocol) {
    this.broker = broker;
    this.database = database;
    this.plant = plant;
    this.protocol = protocol;
  }

  @Override
  public void restart() {
    lives++;
    running =
        Child.java(
            Path.of("target", "system-logs"),
            "collector-" + lives,
            ModelCollector.class,
            line -> {},
            "host=" + broker.host(),
            "port=" + broker.port(),
            "ca=" + broker.caPem(),
            "user=" + broker.user(Role.SYSTEM),
            "password=" + broker.password(Role.SYSTEM),
            "database=" + database.url(),
            "key=" + KEY,
            "protocol=" + protocol,
            "plant=" + plant);
  }

  @Override
  public void awaitReady() {
    if (running != null) {
      running.await("SUBSCRIBED");
    }
  }

  @Override
  public void recover() {
    // Killed a moment ago, it has not yet asked for what the broker holds.
    awaitReady();
  }

  /** SIGKILL at the moment at which a planted bug does harm. */
  void kill9InTheWindow() throws InterruptedException {
    if (running != null) {
      running.await("OPEN 2");
      // What left too early must have left: the client sends it on a thread of its own.
      Pace.pause(Duration.ofMillis(200));
      running.kill9();
    }
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public Checker.Ledger ledger() {
    return ModelLedger.QUERIES;
  }

  @Override
  public String text() {
    return "model";
  }

  @Override
  public void kill9() {
    if (running != null) {
      running.kill9();
    }
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
  }
}
