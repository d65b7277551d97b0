package io.billingsdk.server.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What many refused calls of a key lead to.
 *
 * @param after how many in one window, 1 or more
 * @param per how long a window is
 * @param reasons of the refusals that count: {@code QUOTA}, {@code RATE}, {@code MODEL}, {@code
 *     BLOCKED}, {@code EXPIRED}
 * @param then what happens, once a window
 * @param rate that the key is lowered to with {@link Action#LOWER_RATE}; null with another one
 * @param until when it ends, of what lasts
 */
public record ViolationTerms(
    long after,
    Window per,
    List<String> reasons,
    Action then,
    @Nullable RateTerms rate,
    End until) {
  /** The reasons that count where none are given. */
  public static final List<String> USUAL_REASONS = List.of("QUOTA", "RATE", "MODEL");

  static final List<String> REASONS = List.of("QUOTA", "RATE", "MODEL", "BLOCKED", "EXPIRED");

  /** Copies the list. */
  public ViolationTerms {
    reasons = List.copyOf(reasons);
  }

  /** How long refusals are counted together. */
  public enum Window {
    /** From one full hour to the next, in UTC. */
    HOUR,
    /** From midnight to midnight in the zone of the customer. */
    DAY
  }

  /** What happens. */
  public enum Action {
    /** An event in the outbox says so. */
    NOTIFY,
    /** The event also asks to offer a larger plan. */
    ASK_FOR_UPGRADE,
    /** The key has a lower rate. */
    LOWER_RATE,
    /** The key is blocked. */
    BLOCK
  }

  /** When a lower rate or a block ends. */
  public enum End {
    /** When an operator lifts it. */
    LIFTED,
    /** At the next midnight in the zone of the customer. */
    NEXT_DAY
  }
}
