package io.billingsdk.examples.demo;

import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The demo's applications, by how their keys are used.
 *
 * @param valid in good standing all the time
 * @param blockedHalfWay blocked between the halves
 * @param blocked blocked before the first call
 */
record Apps(IssuedKey valid, IssuedKey blockedHalfWay, IssuedKey blocked) {

  static Apps issuedBy(DemoServer server) throws IOException {
    return new Apps(server.issue("aurora"), server.issue("borealis"), server.issue("cirrus"));
  }

  List<IssuedKey> all() {
    return List.of(valid, blockedHalfWay, blocked);
  }

  /** What the client sends. {@link KeyUse#MISSING} is absent: nothing is sent. */
  Map<KeyUse, String> keys() {
    return Map.of(
        KeyUse.VALID, valid.apiKey(),
        KeyUse.BLOCKED_HALF_WAY, blockedHalfWay.apiKey(),
        KeyUse.BLOCKED, blocked.apiKey(),
        KeyUse.UNKNOWN, "demo_" + UUID.randomUUID());
  }

  /** The application behind a use; empty for a key of nobody. */
  String appOf(KeyUse use) {
    return switch (use) {
      case VALID -> valid.appId();
      case BLOCKED_HALF_WAY -> blockedHalfWay.appId();
      case BLOCKED -> blocked.appId();
      case UNKNOWN, MISSING -> "";
    };
  }
}
