package io.billingsdk.crash;

import io.billingsdk.internal.journal.JournalRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a test knows: which events were accepted, durably or not, and which were handed out. Read
 * from the lines of the children, {@code ACC|PLAIN|GOT stream seq seed index hash}, in which a line
 * cut by a kill is no line.
 */
final class Ledger {
  private final Map<String, String> durable = new HashMap<>();
  private final Map<String, String> inDoubt = new HashMap<>();
  private final Map<String, String> plain = new HashMap<>();
  private final Map<String, String> handedOut = new HashMap<>();
  private final Map<Event, String> identities = new HashMap<>();
  private final Set<String> settledInOrder = new HashSet<>();
  private final Set<String> sinceOpen = new HashSet<>();
  private long doubles;
  private long repeats;
  private long repeatsWithinOneProcess;

  /** A process has opened the journal: what it hands out twice it hands out twice in one life. */
  void opened() {
    sinceOpen.clear();
  }

  /** All that was handed out is settled, and the journal was closed in order. */
  void closedInOrder() {
    settledInOrder.addAll(handedOut.keySet());
  }

  /** Takes a line of a child; others than of events are left alone. */
  void line(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 7 || !words[6].equals(".")) {
      return;
    }
    String identity = words[1] + "/" + words[2];
    String content = words[3] + ":" + words[4] + ":" + words[5];
    switch (words[0]) {
      case "ACC" -> durable.put(identity, content);
      case "PLAIN" -> plain.put(identity, content);
      case "GOT" ->
          got(identity, new Event(Long.parseLong(words[3]), Long.parseLong(words[4])), content);
      default -> {}
    }
  }

  /** As {@link #line}, but what it says is durable was said while the file system stopped. */
  void lineInDoubt(String line) {
    Ledger said = new Ledger();
    if (line.startsWith("ACC")) {
      said.line(line);
      inDoubt.putAll(said.durable);
    } else {
      line(line);
    }
  }

  /** A record that this process was handed. */
  void got(JournalRecord event) {
    line(lineOf("GOT", event.stream() + " " + event.seq(), event.body()));
  }

  static String lineOf(String kind, String identity, byte[] body) {
    Event event = Event.of(body);
    String hash = event.isExactly(body) ? Event.hash(body) : "damaged";
    return kind + " " + identity + " " + event.seed() + " " + event.index() + " " + hash + " .";
  }

  private void got(String identity, Event event, String content) {
    if (content.endsWith("damaged")) {
      throw new AssertionError("handed out, but never appended like this: " + identity);
    }
    String other = identities.putIfAbsent(event, identity);
    if (other != null && !other.equals(identity)) {
      doubles++;
    }
    String before = handedOut.put(identity, content);
    if (before != null && !before.equals(content)) {
      throw new AssertionError(identity + " was handed out with two contents");
    }
    if (settledInOrder.contains(identity)) {
      throw new AssertionError(identity + " was settled and is handed out again");
    }
    if (before != null) {
      repeats++;
    }
    if (!sinceOpen.add(identity)) {
      repeatsWithinOneProcess++;
    }
  }

  /** Which durable events were never handed out, as {@code stream/seq seed:index:hash}. */
  List<String> lostDurable() {
    return durable.entrySet().stream()
        .filter(event -> !event.getValue().equals(handedOut.get(event.getKey())))
        .map(event -> event.getKey() + " " + event.getValue())
        .sorted()
        .toList();
  }

  /** Durable events that were never handed out, or with other bytes. */
  long durableLost() {
    return missing(durable);
  }

  /** Other accepted events that were never handed out. */
  long plainLost() {
    return missing(plain);
  }

  long durable() {
    return durable.size();
  }

  long inDoubt() {
    return inDoubt.size();
  }

  long inDoubtLost() {
    return missing(inDoubt);
  }

  long plain() {
    return plain.size();
  }

  long handedOut() {
    return handedOut.size();
  }

  /** Events that came under two identities, which nobody can recognise. */
  long doubles() {
    return doubles;
  }

  /** Handed out again, under the same identity, since their settlement did not survive. */
  long repeats() {
    return repeats;
  }

  /** Handed out twice by one process: what no crash explains. */
  long repeatsWithinOneProcess() {
    return repeatsWithinOneProcess;
  }

  private long missing(Map<String, String> accepted) {
    long missing = 0;
    for (Map.Entry<String, String> event : accepted.entrySet()) {
      String got = handedOut.get(event.getKey());
      if (got == null || !got.equals(event.getValue())) {
        missing++;
      }
    }
    return missing;
  }
}
