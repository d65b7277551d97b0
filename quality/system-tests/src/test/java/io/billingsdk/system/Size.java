package io.billingsdk.system;

import io.billingsdk.testbed.Proof;

/** Sizes of a run: each commit's by default, a release's by system properties. */
final class Size {
  /** Kills of each kind of victim. */
  static final int KILLS = Integer.getInteger("system.kills", 3);

  /** Events that a long run must have reported at least. */
  static final int EVENTS = Integer.getInteger("system.events", 2_000);

  /** Events a second of each service. */
  static final int RATE = Integer.getInteger("system.rate", 300);

  private Size() {}

  /** The seed of a run: given, or a new one, which is printed. */
  static long seed() {
    return Long.getLong("system.seed", System.nanoTime() & 0xffff_ffffL);
  }

  /** The line of a proof, with the size of the run. */
  static Proof proof(String name) {
    return Proof.of(name).with("size", System.getProperty("system.size", "commit"));
  }
}
