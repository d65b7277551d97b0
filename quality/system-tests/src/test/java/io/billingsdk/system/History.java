package io.billingsdk.system;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the services were told of their events, as they said it before they died, and what was done
 * to whom. Also written to a file, line by line, for whoever must find out why a run failed.
 *
 * <p>Lines of a service are {@code ATT id}, {@code ACC id}, {@code DUR id}, {@code REJ id reason};
 * each ends in {@code " ."}, so that one cut by a kill is none. A service reports one event after
 * the other, with rising ids: what it was told is durable, all that it reported before it is, too.
 * So no clock decides what a killed process owes, and a machine that is too busy to write within a
 * force interval is not taken for a loss. Thread-safe.
 */
final class History implements AutoCloseable {
  private final BufferedWriter file;
  private final Set<Long> attempted = new HashSet<>();
  private final Set<Long> durable = new HashSet<>();
  private final Set<Long> accepted = new HashSet<>();
  private final Set<Long> rejected = new HashSet<>();
  private final Set<Long> inDoubt = new HashSet<>();

  /** Accepted, and nothing after it is durable yet, by service. */
  private final Map<String, NavigableSet<Long>> unconfirmed = new HashMap<>();

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
      case "DUR" -> {
        durable.add(id);
        unconfirmed.getOrDefault(service, new TreeSet<>()).headSet(id).clear();
      }
      case "REJ" -> rejected.add(id);
      default -> {
        accepted.add(id);
        unconfirmed.computeIfAbsent(service, any -> new TreeSet<>()).add(id);
      }
    }
  }

  /** A service was killed, and all that it said is here. */
  synchronized void killed(String service) {
    write(service + " KILLED");
    NavigableSet<Long> last = unconfirmed.remove(service);
    if (last != null) {
      inDoubt.addAll(last);
    }
  }

  /** Anything else that whoever reads the file wants to know. */
  synchronized void note(String what) {
    write("-- " + System.currentTimeMillis() + " " + what);
  }

  /** Must be in the ledger: durable, or accepted by a process that lived on, or before such. */
  synchronized Set<Long> owed() {
    Set<Long> owed = new HashSet<>(accepted);
    owed.removeAll(inDoubt);
    owed.addAll(durable);
    return owed;
  }

  /** Accepted by a process that was killed before it heard of anything later as durable. */
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

  synchronized Set<Long> durable() {
    return new HashSet<>(durable);
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

  private void write(String line) {
    try {
      file.write(line);
      file.newLine();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
