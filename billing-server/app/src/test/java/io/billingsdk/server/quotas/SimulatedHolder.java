package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases.Holding;
import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import io.billingsdk.server.control.InstanceLeases.LeaseQuestion;
import io.billingsdk.server.control.InstanceLeases.LeaseTerms;
import io.billingsdk.server.control.InstanceLeases.QuotaAsk;
import io.billingsdk.server.ingest.AdmittedLane;
import io.billingsdk.server.ingest.AdmittedLane.Admitted;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An instance with one key and several quotas, as an SDK does it: spends leases in memory, journals
 * events, delivers them more than once, loses answers, is killed and begins again. For one thread.
 */
final class SimulatedHolder {
  private final String instance;
  private final String key;
  private final List<String> quotas;
  private final InstanceQuotas server;
  private final AdmittedLane lane;
  private final Clock clock;
  private final Random random;
  private final List<Admitted> journal = new ArrayList<>();
  private final Map<String, InHand> hands = new LinkedHashMap<>();
  private UUID stream = UUID.randomUUID();
  private long request;
  private long seq;

  /** The last event that was sent: the ledger has it, so a kill does not lose it. */
  private long sent;

  private BigDecimal admitted = BigDecimal.ZERO;
  private BigDecimal lost = BigDecimal.ZERO;
  private long kills;

  /** What is in hand of a lease. */
  private static final class InHand {
    private final String epoch;
    private BigDecimal granted;
    private BigDecimal spent = BigDecimal.ZERO;

    InHand(String epoch, BigDecimal granted) {
      this.epoch = epoch;
      this.granted = granted;
    }

    BigDecimal left() {
      return granted.subtract(spent);
    }
  }

  SimulatedHolder(
      String instance,
      String key,
      List<String> quotas,
      InstanceQuotas server,
      AdmittedLane lane,
      Clock clock,
      long seed) {
    this.instance = instance;
    this.key = key;
    this.quotas = quotas;
    this.server = server;
    this.lane = lane;
    this.clock = clock;
    this.random = new Random(seed);
  }

  /** Does something, at random. */
  void step() throws Exception {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> admit(BigDecimal.valueOf(1 + random.nextInt(3)));
      case 8, 9, 10, 11 -> deliver();
      case 12, 13, 14, 15, 16 -> ask(BigDecimal.valueOf(1 + random.nextInt(5)), Holding.OPEN);
      case 17 -> ask(BigDecimal.ZERO, Holding.OPEN);
      case 18 -> {
        if (random.nextInt(4) == 0) {
          ask(BigDecimal.ZERO, Holding.CLOSED);
        }
      }
      default -> {
        if (random.nextInt(4) == 0) {
          kill();
        }
      }
    }
  }

  /** Takes the amount from each quota, or from none. */
  boolean admit(BigDecimal amount) {
    List<String> epochs = new ArrayList<>();
    for (String each : quotas) {
      InHand hand = hands.get(each);
      if (hand == null || hand.left().compareTo(amount) < 0) {
        return false;
      }
      epochs.add(hand.epoch);
    }
    quotas.forEach(each -> spend(each, amount));
    journal.add(new Admitted(stream, instance, ++seq, key, amount, clock.instant(), epochs));
    admitted = admitted.add(amount);
    return true;
  }

  private void spend(String quota, BigDecimal amount) {
    InHand hand = hands.get(quota);
    if (hand != null) {
      hand.spent = hand.spent.add(amount);
    }
  }

  /** Delivers a part of the journal; now and then without hearing of the receipt. */
  private void deliver() throws Exception {
    int most = Math.min(journal.size(), 1 + random.nextInt(20));
    if (most > 0) {
      List<Admitted> batch = List.copyOf(journal.subList(0, most));
      var unused = lane.store(batch);
      sent = Math.max(sent, batch.get(most - 1).seq());
      if (random.nextInt(5) != 0) {
        journal.subList(0, most).clear();
      }
    }
  }

  void deliverAll() throws Exception {
    while (!journal.isEmpty()) {
      int most = Math.min(journal.size(), 100);
      var unused = lane.store(List.copyOf(journal.subList(0, most)));
      journal.subList(0, most).clear();
    }
  }

  /** Asks, and says whether the answer came. */
  boolean ask(BigDecimal want, Holding holding) {
    List<QuotaAsk> asks = new ArrayList<>();
    for (String each : quotas) {
      InHand hand = hands.get(each);
      if (hand != null || holding == Holding.OPEN) {
        asks.add(
            new QuotaAsk(
                each,
                hand == null ? null : hand.epoch,
                hand == null ? BigDecimal.ZERO : hand.spent,
                want,
                holding,
                null));
      }
    }
    if (holding != Holding.OPEN) {
      hands.clear();
    }
    LeaseQuestion question = new LeaseQuestion(++request, stream, asks, List.of(), List.of());
    List<LeaseAnswer> answers = server.ask(instance, question);
    if (random.nextInt(5) == 0) {
      // The answer is lost, and the same question asked again.
      answers = server.ask(instance, question);
    }
    if (holding != Holding.OPEN || random.nextInt(10) == 0) {
      return false;
    }
    take(answers.get(0));
    if (random.nextInt(5) == 0) {
      take(answers.get(0));
    }
    return true;
  }

  /** Learns of each lease: the SDK repeats a request until its answer comes. */
  void askUntilAnswered() {
    boolean answered;
    do {
      answered = ask(BigDecimal.ZERO, Holding.OPEN);
    } while (!answered);
  }

  private void take(LeaseAnswer answer) {
    for (LeaseTerms each : answer.leases()) {
      String epoch = each.epoch();
      if (epoch != null) {
        InHand hand = hands.get(each.quota());
        if (hand == null || !hand.epoch.equals(epoch)) {
          hands.put(each.quota(), new InHand(epoch, each.granted()));
        } else {
          hand.granted = hand.granted.max(each.granted());
        }
      }
    }
  }

  /** The process ends; of its journal the last events may not have been forced. */
  void kill() {
    // Those of earlier lives were read from the disk.
    int unsent =
        (int)
            journal.stream()
                .filter(each -> each.stream().equals(stream) && each.seq() > sent)
                .count();
    int unforced = Math.min(unsent, random.nextInt(4));
    for (Iterator<Admitted> each =
            journal.subList(journal.size() - unforced, journal.size()).iterator();
        each.hasNext(); ) {
      lost = lost.add(each.next().usage());
      each.remove();
    }
    hands.clear();
    stream = UUID.randomUUID();
    request = 0;
    seq = 0;
    sent = 0;
    kills++;
  }

  /** What a holder says when its journal is empty. */
  void hello() {
    server.heard(instance, stream, journal.isEmpty());
  }

  /** Ends all leases in order. */
  void done() {
    var unused = ask(BigDecimal.ZERO, Holding.DONE);
  }

  BigDecimal admitted() {
    return admitted;
  }

  BigDecimal lost() {
    return lost;
  }

  long kills() {
    return kills;
  }

  @Nullable String epoch(String quota) {
    InHand hand = hands.get(quota);
    return hand == null ? null : hand.epoch;
  }
}
