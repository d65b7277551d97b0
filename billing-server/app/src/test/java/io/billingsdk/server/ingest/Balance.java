package io.billingsdk.server.ingest;

import io.billingsdk.server.ingest.Testbed.World;

/** What the ledger has beside what was sent. */
final class Balance {
  private static final String IDENTITIES =
      "SELECT count(DISTINCT (stream_id, seq)) FROM usage_event";

  private Balance() {}

  /** What was sent and is not there. */
  static long lost(World world, long sent) throws Exception {
    return sent - world.count(IDENTITIES);
  }

  /** What is there, or in its totals, more often than once. */
  static long doubled(World world) throws Exception {
    return Math.max(
            world.count("SELECT count(*) FROM usage_event"),
            world.count("SELECT sum(events) FROM usage_rollup"))
        - world.count(IDENTITIES);
  }
}
