package io.billingsdk.testkit;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of a {@link TestBilling}, and what a test has written into the answers. Thread-safe. */
final class KeyBook {
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, Deque<KeyDecision>> scripts = new HashMap<>();
  private boolean available = true;
  private Instant changedAt = Instant.now();
  private long version;

  /** The state of one key. */
  private static final class Entry {
    private KeyDecision decision;
    private @Nullable Caller caller;

    Entry(KeyDecision decision) {
      this.decision = decision;
    }
  }

  synchronized KeyChange allow(String apiKey, String appId, Entitlements entitlements) {
    // A name that tells nothing of the key, as that of the billing system.
    Caller caller = Caller.of(apiKey, "k_" + Fingerprint.of(apiKey), appId);
    Entry entry = put(apiKey, CoreTypes.allowed(caller, entitlements));
    entry.caller = caller;
    return CoreTypes.keyChange(caller, /* blocked= */ false, null);
  }

  synchronized KeyChange block(String apiKey, String reason) {
    Caller caller = callerOf(apiKey, "block");
    put(apiKey, CoreTypes.denied(DenialReason.BLOCKED, reason, null));
    return CoreTypes.keyChange(caller, /* blocked= */ true, reason);
  }

  synchronized void decide(String apiKey, KeyDecision decision) {
    Entry entry = put(apiKey, decision);
    if (decision instanceof KeyDecision.Allowed allowed) {
      entry.caller = allowed.caller();
    }
  }

  synchronized void decideNext(String apiKey, List<KeyDecision> decisions) {
    scripts.computeIfAbsent(apiKey, key -> new ArrayDeque<>()).addAll(decisions);
  }

  synchronized void remove(String apiKey) {
    entries.remove(apiKey);
    scripts.remove(apiKey);
    touch();
  }

  synchronized void available(boolean now) {
    available = now;
    touch();
  }

  synchronized boolean available() {
    return available;
  }

  synchronized KeyDecision check(@Nullable String apiKey) {
    if (apiKey == null || apiKey.isBlank()) {
      return denied(DenialReason.MISSING);
    }
    Deque<KeyDecision> script = scripts.get(apiKey);
    if (script != null && !script.isEmpty()) {
      return script.removeFirst();
    }
    if (!available) {
      return denied(DenialReason.UNAVAILABLE);
    }
    Entry entry = entries.get(apiKey);
    return entry == null ? denied(DenialReason.INVALID) : decisionOf(entry);
  }

  private static KeyDecision decisionOf(Entry entry) {
    if (!(entry.decision instanceof KeyDecision.Allowed allowed)) {
      return entry.decision;
    }
    Instant end = allowed.entitlements().expiresAt();
    if (end != null && !Instant.now().isBefore(end)) {
      return denied(DenialReason.INVALID);
    }
    return allowed;
  }

  synchronized Optional<String> appOf(@Nullable String apiKey) {
    Entry entry = entries.get(apiKey);
    return entry == null || entry.caller == null
        ? Optional.empty()
        : Optional.of(entry.caller.appId());
  }

  synchronized KeyCounts counts() {
    long blocked = entries.values().stream().filter(KeyBook::isBlocked).count();
    return new KeyCounts(available, entries.size(), Math.toIntExact(blocked), changedAt, version);
  }

  private static boolean isBlocked(Entry entry) {
    return entry.decision instanceof KeyDecision.Denied denied
        && denied.reason() == DenialReason.BLOCKED;
  }

  private Entry put(String apiKey, KeyDecision decision) {
    Entry entry = entries.computeIfAbsent(apiKey, key -> new Entry(decision));
    entry.decision = decision;
    touch();
    return entry;
  }

  private void touch() {
    changedAt = Instant.now();
    version++;
  }

  private Caller callerOf(String apiKey, String method) {
    Entry entry = entries.get(apiKey);
    if (entry == null || entry.caller == null) {
      throw unknown(method);
    }
    return entry.caller;
  }

  private static IllegalArgumentException unknown(String method) {
    return new IllegalArgumentException(
        method + ": apiKey must be a key that was allowed; call allow(apiKey, appId) first");
  }

  private static KeyDecision denied(DenialReason reason) {
    return CoreTypes.denied(reason, null, null);
  }
}
