package io.billingsdk.server.costs;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Takes in costs as they are made and made otherwise, in the transaction that does so: what it
 * writes there is committed with the costs, or not at all.
 *
 * <p>Calls come one after the other, also those of several servers: one transaction at a time
 * writes costs.
 */
@FunctionalInterface
public interface CostListener {
  /**
   * Takes in changes.
   *
   * @param transaction in which they are made; the listener neither commits nor rolls back
   * @param changes at most 5,000, each of another event
   */
  void changed(Handle transaction, List<CostChange> changes);
}
