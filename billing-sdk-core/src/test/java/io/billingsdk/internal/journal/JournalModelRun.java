package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.fail;

import io.billingsdk.internal.journal.Journal.Append;
import io.billingsdk.internal.journal.Journal.Appended;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One random run of a journal beside a model that is too simple to be wrong. */
final class JournalModelRun {
  private enum State {
    WAITING,
    OUT,
    ACKNOWLEDGED,
    DEAD
  }

  /** A record as the model sees it. */
  private static final class Entry {
    private final long seq;
    private final int bytes;
    private State state = State.WAITING;
    private @Nullable JournalRecord handedOut;

    Entry(long seq, int bytes) {
      this.seq = seq;
      this.bytes = bytes;
    }
  }

  private final JournalContract contract;
  private final long seed;
  private final Random random;
  private final long bound;
  private final Journal journal;
  private final List<Entry> entries = new ArrayList<>();
  private long highestHandedOut;
  private boolean closed;
  private String trace = "";

  JournalModelRun(JournalContract contract, long seed) {
    this.contract = contract;
    this.seed = seed;
    this.random = new Random(seed);
    this.bound = contract.randomBound(random);
    this.journal = contract.open(bound);
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      step();
      checkFigures();
      checkMark();
    }
  }

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 35) {
      append();
    } else if (dice < 65) {
      next();
    } else if (dice < 80) {
      settle(State.ACKNOWLEDGED, pick(State.OUT));
    } else if (dice < 86) {
      settle(State.DEAD, pick(State.OUT));
    } else if (dice < 92) {
      settleAgain();
    } else if (dice < 99) {
      rewind();
    } else {
      trace += " close";
      journal.close();
      closed = true;
    }
  }

  private void append() {
    int bytes = random.nextInt(300);
    trace += " append" + bytes;
    Append expected;
    if (closed) {
      expected = new Journal.Closed();
    } else if (heldBytes() + contract.cost(bytes) > bound) {
      expected = new Journal.Full(bound, contract.cost(bytes) <= bound);
    } else {
      Entry entry = new Entry(entries.size() + 1L, bytes);
      entries.add(entry);
      expected = new Appended(entry.seq);
    }
    check("append", expected, journal.append(new byte[bytes]));
  }

  private void next() {
    trace += " next";
    JournalRecord given = journal.next();
    Entry expected = pickFirstWaiting();
    check("next", expected == null ? null : expected.seq, given == null ? null : given.seq());
    if (expected == null || given == null) {
      return;
    }
    check("bytes of the body", expected.bytes, given.body().length);
    if (expected.handedOut == null) {
      check("first hand-outs are in order", highestHandedOut + 1, expected.seq);
      highestHandedOut = expected.seq;
    } else {
      check("the same object each time", expected.handedOut, given);
    }
    expected.handedOut = given;
    expected.state = State.OUT;
  }

  private void rewind() {
    trace += " rewind";
    journal.rewind();
    for (Entry entry : entries) {
      entry.state = entry.state == State.OUT ? State.WAITING : entry.state;
    }
  }

  private void settle(State how, @Nullable Entry entry) {
    if (entry != null && entry.handedOut != null) {
      trace += " " + how + entry.seq;
      give(how, entry.handedOut);
      entry.state = how;
    }
  }

  /** Of a record that is not handed out now: a late or repeated answer, which changes nothing. */
  private void settleAgain() {
    Entry entry = pick(State.values()[random.nextInt(State.values().length)]);
    if (entry != null && entry.handedOut != null && entry.state != State.OUT) {
      trace += " again" + entry.seq;
      give(random.nextBoolean() ? State.ACKNOWLEDGED : State.DEAD, entry.handedOut);
    }
  }

  private void give(State how, JournalRecord settled) {
    if (how == State.ACKNOWLEDGED) {
      journal.acknowledge(settled);
    } else {
      journal.deadLetter(settled, "refused");
    }
  }

  private void checkFigures() {
    long pending = count(State.WAITING) + count(State.OUT);
    JournalFigures expected =
        JournalFigures.inMemory(
            entries.size(), count(State.ACKNOWLEDGED), pending, count(State.DEAD), 0, heldBytes());
    JournalFigures figures = journal.figures();
    check("figures", contract.comparable(expected), contract.comparable(figures));
    check(
        "the loss equation",
        figures.appended(),
        figures.acknowledged() + figures.pending() + figures.deadLettered() + figures.dropped());
  }

  private void checkMark() {
    check("mark", (long) entries.size(), journal.mark());
    long mark = random.nextInt(entries.size() + 1);
    boolean settled =
        entries.stream()
            .filter(e -> e.seq <= mark)
            .noneMatch(e -> e.state == State.WAITING || e.state == State.OUT);
    check("settled up to " + mark, settled, journal.settledUpTo(mark));
  }

  private long heldBytes() {
    return entries.stream()
        .filter(e -> e.state != State.ACKNOWLEDGED)
        .mapToLong(e -> contract.cost(e.bytes))
        .sum();
  }

  private long count(State state) {
    return entries.stream().filter(e -> e.state == state).count();
  }

  private @Nullable Entry pick(State state) {
    List<Entry> candidates = entries.stream().filter(e -> e.state == state).toList();
    return candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
  }

  private @Nullable Entry pickFirstWaiting() {
    return entries.stream().filter(e -> e.state == State.WAITING).findFirst().orElse(null);
  }

  private void check(String what, @Nullable Object expected, @Nullable Object found) {
    if (!Objects.equals(expected, found)) {
      fail("seed %d: %s: expected %s, found %s after%s", seed, what, expected, found, trace);
    }
  }
}
