package io.billingsdk.system;

import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;

/**
 * What the checker found.
 *
 * @param attempted events that a service began to report
 * @param owed of them, those that must be in the ledger
 * @param durable of those, how many were said to be forced to disk
 * @param durableLost of these, those that are not in the ledger
 * @param inDoubt accepted before a SIGKILL, and after the last event that was said to be durable
 * @param inDoubtLost of these, those that are not in the ledger
 * @param dead set aside for good, with a reason, and so not owed
 * @param ledger events in the ledger
 * @param lost owed, and not in the ledger
 * @param doubled in the ledger more than once
 * @param phantom in the ledger, but never attempted, or rejected
 * @param falsified in the ledger with another usage
 * @param expected what the usage in the ledger must add up to
 * @param sum what it adds up to
 * @param rollups what its rollups add up to
 */
record Verdict(
    long attempted,
    long owed,
    long durable,
    long durableLost,
    long inDoubt,
    long inDoubtLost,
    long dead,
    long ledger,
    long lost,
    long doubled,
    long phantom,
    long falsified,
    BigDecimal expected,
    BigDecimal sum,
    BigDecimal rollups) {

  boolean sumsExact() {
    return expected.compareTo(sum) == 0 && sum.compareTo(rollups) == 0;
  }

  /** Nothing lost, nothing double, nothing made up, and the sums agree. */
  boolean holds() {
    return lost == 0 && doubled == 0 && phantom == 0 && falsified == 0 && sumsExact();
  }

  /** Adds the figures to a proof line. */
  Proof to(Proof proof) {
    return proof
        .with("events", attempted)
        .with("owed", owed)
        .with("durable", durable)
        .with("durable_lost", durableLost)
        .with("ledger", ledger)
        .with("lost", lost)
        .with("double", doubled)
        .with("phantom", phantom)
        .with("falsified", falsified)
        .with(
            "sums",
            sumsExact()
                ? "exact"
                : "expected:" + expected + ",ledger:" + sum + ",rollups:" + rollups)
        .with("dead_letters", dead)
        .with("in_doubt", inDoubt)
        .with("in_doubt_lost", inDoubtLost);
  }
}
