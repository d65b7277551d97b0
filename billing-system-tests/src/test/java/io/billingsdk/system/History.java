package io.billingsdk.system;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the services were told of their events, as they said it before they died, and what was done
 * to whom. Also written to a file, line by line, for whoever must find out why a run failed.
 *
 * <p>Lines of a service are {@code ATT id}, {@code ACC id millis}, {@code DUR id}, {@code REJ id
 * reason}; each ends in {@code " ."}, so that one cut by a kill is none. Thread-safe.
 */
final class History implements AutoCloseable {
  /** An acceptance this close before a SIGKILL may not have reached the file. */
  static final long IN_DOUBT_MILLIS = 200;

  private final BufferedWriter file;
  private final Set<Long> attempted = new HashSet<>();
  private final Set<Long> durable = new HashSet<>();
  private final Set<Long> accepted = new HashSet<>();
  private final Set<Long> rejected = new HashSet<>();
  private final Set<Long> inDoubt = new HashSet<>();
  private final Map<String, List<Acceptance>> recent = new HashMap<>();

  private record Acceptance(long id, long atMillis) {}

  private History(BufferedWriter file) {
    this.file = file;
  }

  static History in(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      return new History(Files.newBufferedWriter(path));
    } catch (IOException failed) {
      throw new UncheckedIOException("no history at " + path, failed);
    }
  }

  static boolean isEvent(String line) {
    return line.startsWith("ATT ")
        || line.startsWith("ACC ")
        || line.startsWith("DUR ")
        || line.startsWith("REJ ");
  }

  /** Takes a line of a service. */
  synchronized void line(String service, String line) {
    write(service + " " + line);
    String[] words = line.split(" ", -1);
    if (!isEvent(line) || words.length < 3 || !words[words.length - 1].equals(".")) {
      return;
    }
    long id = Long.parseLong(words[1]);
    switch (words[0]) {
      case "ATT" -> attempted.add(id);
      case "DUR" -> durable.add(id);
      case "REJ" -> rejected.add(id);
      default -> accept(service, new Acceptance(id, Long.parseLong(words[2])));
    }
  }

  /**
   * A service was killed.
   *
   * @param atMillis by the clock before the signal was sent
   */
  synchronized void killed(String service, long atMillis) {
    write(service + " KILLED " + atMillis);
    for (Acceptance each : recent.getOrDefault(service, List.of())) {
      if (each.atMillis() >= atMillis - IN_DOUBT_MILLIS) {
        inDoubt.add(each.id());
      }
    }
    recent.remove(service);
  }

  /** Anything else that whoever reads the file wants to know. */
  synchronized void note(String what) {
    write("-- " + System.currentTimeMillis() + " " + what);
  }

  /** Must be in the ledger: forced to disk, or accepted by a process that lived on for a while. */
  synchronized Set<Long> owed() {
    Set<Long> owed = new HashSet<>(accepted);
    owed.removeAll(inDoubt);
    owed.addAll(durable);
    return owed;
  }

  /** Accepted just before the process was killed, and not known to be durable. */
  synchronized Set<Long> inDoubt() {
    Set<Long> doubtful = new HashSet<>(inDoubt);
    doubtful.removeAll(durable);
    return doubtful;
  }

  synchronized Set<Long> attempted() {
    return new HashSet<>(attempted);
  }

  synchronized Set<Long> rejected() {
    return new HashSet<>(rejected);
  }

  synchronized int durableCount() {
    return durable.size();
  }

  synchronized int attemptedCount() {
    return attempted.size();
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void accept(String service, Acceptance acceptance) {
    accepted.add(acceptance.id());
    List<Acceptance> list = recent.computeIfAbsent(service, any -> new ArrayList<>());
    list.add(acceptance);
    // Only the last moments before a kill are in doubt, and one kill is long after these.
    if (list.size() > 20_000) {
      list.subList(0, 10_000).clear();
    }
  }

  private void write(String line) {
    try {
      file.write(line);
      file.newLine();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
