package io.billingsdk.system;

import io.billingsdk.journal.StoredJournal;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One service after another on one journal directory: each is killed and followed by a new one. */
final class Services implements Victim, AutoCloseable {
  /** More ids than one life of a service can use. */
  private static final long IDS_A_LIFE = 10_000_000;

  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

  private final Path journal;
  private final TestBroker broker;
  private final History history;
  private final String name;
  private final Class<?> main;
  private final List<String> settings;
  private int lives;
  private @Nullable Child running;

  /**
   * Services with more arguments of {@link ServiceChild}.
   *
   * @param name of the service, and its MQTT client id
   */
  Services(Path journal, TestBroker broker, History history, String name, String... settings) {
    this(journal, broker, history, name, ServiceChild.class, settings);
  }

  /** Services of another main class, which knows the arguments of {@link ServiceChild}. */
  Services(
      Path journal,
      TestBroker broker,
      History history,
      String name,
      Class<?> main,
      String... settings) {
    this.main = main;
    this.journal = journal;
    this.broker = broker;
    this.history = history;
    this.name = name;
    this.settings = List.of(settings);
  }

  @Override
  public void restart() {
    lives++;
    String life = name + "-" + lives;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "host=" + broker.host(),
                "port=" + broker.port(),
                "ca=" + broker.caPem(),
                "user=" + broker.user(Role.SDK),
                "password=" + broker.password(Role.SDK),
                "journal=" + journal,
                "client=" + name,
                "first=" + firstId()));
    arguments.addAll(settings);
    running =
        Child.java(
            Path.of("target", "system-logs"),
            life,
            main,
            line -> history.line(life, line),
            arguments.toArray(new String[0]));
    running.await("STARTED");
  }

  @Override
  public void kill9() {
    Child child = current();
    child.kill9();
    history.killed(child.name());
  }

  /** Writes a line to its standard input. */
  void tell(String line) {
    current().tell(line);
  }

  /** The name of the life that an event is of, by its number. */
  static long lifeOf(long id) {
    return id / IDS_A_LIFE;
  }

  /** The number of its present life, as {@link #lifeOf} gives it. */
  long life() {
    return lifeOf(firstId());
  }

  private long firstId() {
    return (Math.floorMod(name.hashCode(), 1_000L) * 1_000 + lives) * IDS_A_LIFE;
  }

  /** Lets the last one report no more and empty the journal; returns its last line. */
  String drain() {
    return drain(Child.PATIENCE);
  }

  /** As {@link #drain()}, where it may take longer than anything else. */
  String drain(Duration atMost) {
    current().tell("FINISH");
    return awaitDrained(atMost);
  }

  /** The last line of one that has to finish. */
  String awaitDrained(Duration atMost) {
    return current().await(line -> line.startsWith("DRAINED"), "DRAINED", atMost);
  }

  /** Records in the journal that nobody has taken, by reading its files. */
  long left() throws IOException {
    long[] left = {0};
    StoredJournal.in(journal).export(stored -> left[0] += stored.settled() ? 0 : 1);
    return left[0];
  }

  /** The ids of events that were set aside for good, with their reasons beside them. */
  Set<Long> dead() throws IOException {
    Set<Long> dead = new HashSet<>();
    try (Stream<Path> files = Files.walk(journal)) {
      for (Path file : files.filter(Services::isDeadLetter).toList()) {
        Matcher id = ID.matcher(Files.readString(file));
        if (id.find()) {
          dead.add(Long.parseLong(id.group(1)));
        }
      }
    }
    return dead;
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
  }

  private static boolean isDeadLetter(Path file) {
    Path parent = file.getParent();
    return parent != null && parent.endsWith("dead") && Files.isRegularFile(file);
  }

  private Child current() {
    Child child = running;
    if (child == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return child;
  }
}
