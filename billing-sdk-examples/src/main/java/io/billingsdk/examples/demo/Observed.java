package io.billingsdk.examples.demo;

import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the client saw, counted. */
record Observed(List<CallResult> results) {

  long allowed() {
    return results.stream().filter(CallResult::allowed).count();
  }

  long failed() {
    return results.stream().filter(CallResult.Failed.class::isInstance).count();
  }

  Map<String, Long> denied() {
    Map<String, Long> denied = new TreeMap<>();
    for (CallResult result : results) {
      if (result instanceof CallResult.Denied refused) {
        denied.merge(refused.reason(), 1L, Long::sum);
      }
    }
    return denied;
  }

  /** How many calls were let in with each key: so many reports are due. */
  Map<KeyUse, Long> allowedByKey() {
    Map<KeyUse, Long> allowed = new EnumMap<>(KeyUse.class);
    for (CallResult result : results) {
      if (result.allowed()) {
        allowed.merge(result.key(), 1L, Long::sum);
      }
    }
    return allowed;
  }

  List<CallResult.Broken> broken() {
    return results.stream()
        .filter(CallResult.Broken.class::isInstance)
        .map(CallResult.Broken.class::cast)
        .toList();
  }
}
