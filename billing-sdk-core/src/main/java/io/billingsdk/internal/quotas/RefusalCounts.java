package io.billingsdk.internal.quotas;

import io.billingsdk.DenialReason;
import io.billingsdk.protocol.LeaseRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Calls that were refused, by key and reason, since the stream began. A count stays news until the
 * billing system has answered a request that said it: a request may be lost, and a total that comes
 * twice counts once. Thread-safe; one thread says them.
 */
final class RefusalCounts {
  private static final Said NOTHING = new Said(0, 0);

  private final Map<KeyReason, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<KeyReason, Said> said = new ConcurrentHashMap<>();

  /** How much of each count belongs to earlier streams. */
  private final Map<KeyReason, Long> before = new ConcurrentHashMap<>();

  private final Map<DenialReason, LongAdder> byReason = new ConcurrentHashMap<>();
  private long answers;

  private record KeyReason(String keyId, String reason) {}

  /**
   * What the billing system knows.
   *
   * @param answer the number of the answer by which it is known
   */
  private record Said(long count, long answer) {}

  private record News(LeaseRequest.Refusals refusals, long answer) {}

  void add(String keyId, DenialReason reason) {
    String name = name(reason);
    if (name != null) {
      counts.computeIfAbsent(new KeyReason(keyId, name), each -> new LongAdder()).increment();
    }
    byReason.computeIfAbsent(reason, each -> new LongAdder()).increment();
  }

  /** Since the process began, of all keys; reasons with none are absent. */
  Map<DenialReason, Long> byReason() {
    Map<DenialReason, Long> sums = new EnumMap<>(DenialReason.class);
    byReason.forEach((reason, count) -> sums.put(reason, count.sum()));
    return sums;
  }

  /** Whether there are counts that the billing system does not know. */
  boolean hasNews() {
    return counts.entrySet().stream()
        .anyMatch(each -> count(each.getKey(), each.getValue()) != known(each.getKey()).count());
  }

  /** Those that the billing system does not know, at most so many. */
  List<LeaseRequest.Refusals> news(int most) {
    List<News> news = new ArrayList<>();
    counts.forEach(
        (key, adder) -> {
          long count = count(key, adder);
          Said last = known(key);
          if (count != last.count()) {
            news.add(
                new News(
                    new LeaseRequest.Refusals(key.keyId(), key.reason(), count), last.answer()));
          }
        });
    if (news.size() > most) {
      // Otherwise the same keys would be said each time, and the others never.
      news.sort(Comparator.comparingLong(News::answer));
    }
    return news.stream().limit(most).map(News::refusals).toList();
  }

  /** The billing system has answered a request that said them. */
  void acknowledged(List<LeaseRequest.Refusals> known) {
    if (known.isEmpty()) {
      return;
    }
    answers++;
    for (LeaseRequest.Refusals each : known) {
      said.put(new KeyReason(each.keyId(), each.reason()), new Said(each.count(), answers));
    }
  }

  /** Another ledger does not know them. */
  void forgetAnswers() {
    said.clear();
  }

  /** Another stream begins: for it, everything that is known is counted from 0. */
  void beginStream() {
    said.forEach((key, last) -> before.merge(key, last.count(), Long::sum));
    said.clear();
  }

  private long count(KeyReason key, LongAdder adder) {
    return adder.sum() - before.getOrDefault(key, 0L);
  }

  private Said known(KeyReason key) {
    return said.getOrDefault(key, NOTHING);
  }

  private static @Nullable String name(DenialReason reason) {
    return switch (reason) {
      case QUOTA_EXCEEDED -> "QUOTA";
      case RATE_LIMITED -> "RATE";
      case MODEL_NOT_ALLOWED -> "MODEL";
      case BLOCKED -> "BLOCKED";
      case INVALID -> "EXPIRED"; // The key is known: it has expired, or was removed.
      case MISSING, UNAVAILABLE -> null;
    };
  }
}
