package io.billingsdk.system;

import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One billing server after another, with a broker and a database elsewhere. */
final class Servers implements Backend {
  private final Path directory;
  private final TestBroker broker;
  private final Postgres database;
  private final String name;
  private int lives;
  private @Nullable Child running;
  private Operator.@Nullable NamedKey key;

  /**
   * Servers to be started.
   *
   * @param name of their logs
   */
  Servers(Path directory, TestBroker broker, Postgres database, String name) {
    this.name = name;
    this.directory = directory;
    this.broker = broker;
    this.database = database;
  }

  @Override
  public void restart() throws IOException {
    lives++;
    Files.createDirectories(directory);
    Path password = directory.resolve("broker-password");
    Files.writeString(password, broker.password(Role.SYSTEM));
    List<String> arguments = new ArrayList<>(where());
    arguments.addAll(
        List.of(
            "--http-port=0",
            "--broker",
            "ssl://" + broker.host() + ":" + broker.port(),
            "--broker-ca",
            broker.caPem().toString(),
            "--broker-user",
            broker.user(Role.SYSTEM),
            "--broker-password-file",
            password.toString()));
    running =
        Child.java(
            Path.of("target", "system-logs"),
            name + "-" + lives,
            ServerChild.class,
            line -> {},
            arguments.toArray(new String[0]));
  }

  /** With the first of them, also makes an app and a key. */
  @Override
  public void awaitReady() {
    awaitServing();
    if (key == null) {
      operator().createApp("app-1");
      key = operator().createKey("app-1");
    }
  }

  /**
   * Starts it again, if it has ended by itself: one whose database dies while it starts ends, and
   * its supervisor starts it again.
   */
  void supervise() throws IOException {
    if (running != null && !running.isAlive()) {
      restart();
    }
  }

  @Override
  public void recover() throws IOException {
    long deadline = System.nanoTime() + Child.PATIENCE.toNanos();
    while (running != null && !running.hasSaid("billing: serving")) {
      supervise();
      if (System.nanoTime() > deadline) {
        throw new AssertionError(name + "-" + lives + " does not serve");
      }
      Pace.pause(Duration.ofMillis(100));
    }
  }

  /** Waits until it serves, whatever there is in its database. */
  void awaitServing() {
    if (running != null) {
      running.await("billing: serving");
    }
  }

  /** Waits until it has logged that an identity came with another content. */
  String awaitAlarm() {
    if (running == null) {
      throw new IllegalStateException("never started");
    }
    return running.await(
        line -> line.contains("ERROR") && line.contains("conflicting_event"),
        "an alarm",
        Child.PATIENCE);
  }

  /** Who changes plans and subscriptions of this server, over HTTP. */
  PlanOperator plans() throws IOException {
    return new PlanOperator(directory.resolve("data"), directory, operator().createToken());
  }

  Operator operator() {
    return new Operator(where());
  }

  Operator.NamedKey namedKey() {
    if (key == null) {
      throw new IllegalStateException("not ready yet");
    }
    return key;
  }

  @Override
  public void kill9() {
    if (running != null) {
      running.kill9();
    }
  }

  @Override
  public String key() {
    return namedKey().text();
  }

  @Override
  public Checker.Ledger ledger() {
    return new Checker.Ledger(
        "SELECT (metadata->>'id')::bigint, usage FROM usage_event",
        "SELECT sum(usage) FROM usage_rollup");
  }

  @Override
  public String text() {
    return "server";
  }

  @Override
  public void close() {
    kill9();
  }

  private List<String> where() {
    return List.of(
        "--data-dir",
        directory.resolve("data").toString(),
        "--database",
        "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
        "--database-user",
        "postgres");
  }
}
