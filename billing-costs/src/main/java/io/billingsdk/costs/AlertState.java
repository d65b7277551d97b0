package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a rule has said about one user, service, budget and so on. A step takes an observation and
 * gives the next state with the messages to send. The same observation again sends nothing, so a
 * state that is stored with its messages in one transaction survives restarts.
 *
 * @param period the period that the state is of; empty at first
 * @param raised numbers of bounds whose alerts are open
 * @param said numbers of bounds that this period has had an alert of
 * @param muted whether messages are held back
 */
public record AlertState(String period, Set<Integer> raised, Set<Integer> said, boolean muted) {
  /** Nothing was said. */
  public static final AlertState NEW = new AlertState("", Set.of(), Set.of(), false);

  /** What an alert is. */
  public enum Kind {
    /** A bound was reached. */
    RAISED,
    /** The cost is below the bound again, or another period began. */
    RESOLVED
  }

  /**
   * A message.
   *
   * @param kind raised or resolved
   * @param bound the number of the bound, from 0
   * @param limit the bound
   * @param amount the cost
   * @param period the period that it is of
   */
  public record Alert(Kind kind, int bound, BigDecimal limit, BigDecimal amount, String period) {}

  /**
   * The next state, and the messages of it.
   *
   * @param state the state to store
   * @param alerts the messages to send, with it
   */
  public record Step(AlertState state, List<Alert> alerts) {
    /** Copies the list. */
    public Step {
      alerts = List.copyOf(alerts);
    }
  }

  /** Copies the sets. */
  public AlertState {
    raised = Set.copyOf(raised);
    said = Set.copyOf(said);
  }

  /**
   * The state with messages held back, or not. Bounds that a muted state passes stay unsaid, and
   * have no resolve later. The resolve of an alert from before waits until the state is not muted.
   */
  public AlertState withMuted(boolean value) {
    return new AlertState(period, raised, said, value);
  }

  /**
   * Takes an observation.
   *
   * @param periodNow the period that the cost is of, such as {@code 2026-11}
   * @param amount the cost of that period so far
   */
  public Step step(AlertRule rule, String periodNow, BigDecimal amount) {
    Check.signed("amount", amount);
    List<Alert> alerts = new ArrayList<>();
    Set<Integer> open = new TreeSet<>(raised);
    Set<Integer> done = new TreeSet<>(said);
    boolean isOther = !periodNow.equals(period);
    for (int bound = 0; bound < rule.bounds().size(); bound++) {
      BigDecimal limit = rule.bounds().get(bound);
      boolean isReached = rule.isReached(limit, amount);
      if (!muted && open.contains(bound) && (isOther || !isReached)) {
        open.remove(bound);
        alerts.add(new Alert(Kind.RESOLVED, bound, limit, amount, isOther ? period : periodNow));
      }
      if (isOther || (rule.rolling() && !isReached)) {
        done.remove(bound);
      }
      if (isReached && done.add(bound) && !muted) {
        open.add(bound);
        alerts.add(new Alert(Kind.RAISED, bound, limit, amount, periodNow));
      }
    }
    return new Step(new AlertState(periodNow, open, done, muted), alerts);
  }
}
