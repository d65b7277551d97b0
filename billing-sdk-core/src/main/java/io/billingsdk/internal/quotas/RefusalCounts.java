package io.billingsdk.internal.quotas;

import io.billingsdk.DenialReason;
import io.billingsdk.protocol.LeaseRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Calls that were refused, by key and reason, since the stream began. Thread-safe. */
final class RefusalCounts {
  private final Map<KeyReason, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<KeyReason, Long> said = new ConcurrentHashMap<>();
  private final Map<DenialReason, LongAdder> byReason = new ConcurrentHashMap<>();

  private record KeyReason(String keyId, String reason) {}

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

  /** Whether there are counts that no request has said. */
  boolean hasNews() {
    return counts.entrySet().stream().anyMatch(each -> isNew(each.getKey(), each.getValue().sum()));
  }

  /** Those that changed, at most so many; the next call leaves them out. */
  List<LeaseRequest.Refusals> news(int most) {
    List<LeaseRequest.Refusals> news = new ArrayList<>();
    counts.forEach(
        (key, adder) -> {
          long count = adder.sum();
          if (news.size() < most && isNew(key, count)) {
            news.add(new LeaseRequest.Refusals(key.keyId(), key.reason(), count));
            said.put(key, count);
          }
        });
    return news;
  }

  /** Another stream begins: everything is counted from 0 for it. */
  void reset() {
    counts.clear();
    said.clear();
  }

  private boolean isNew(KeyReason key, long count) {
    return count != said.getOrDefault(key, 0L);
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
