package io.billingsdk.grpc;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streaming calls that are open, by the id of their key. Thread-safe. */
final class LiveCalls {
  private final Map<String, Set<RevocableCall<?, ?>>> calls = new ConcurrentHashMap<>();

  void add(String keyId, RevocableCall<?, ?> call) {
    calls.compute(
        keyId,
        (id, open) -> {
          Set<RevocableCall<?, ?>> set = open == null ? ConcurrentHashMap.newKeySet() : open;
          set.add(call);
          return set;
        });
  }

  void remove(String keyId, RevocableCall<?, ?> call) {
    // An empty set is taken out in the same step: keys come and go for as long as a server runs.
    calls.computeIfPresent(
        keyId,
        (id, open) -> {
          open.remove(call);
          return open.isEmpty() ? null : open;
        });
  }

  /** Revokes all calls of a key and tells how many of them were open. */
  int revoke(String keyId, Denial why) {
    int revoked = 0;
    for (RevocableCall<?, ?> call : calls.getOrDefault(keyId, Set.of())) {
      revoked += call.revoke(why) ? 1 : 0;
    }
    return revoked;
  }

  /** How many are open. */
  int size() {
    return calls.values().stream().mapToInt(Set::size).sum();
  }

  /** How many keys have an open one. */
  int keys() {
    return calls.size();
  }
}
