package io.billingsdk.server.margin;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What usage has cost. A list of unit costs is one source; a note of real costs is another. */
public interface CostSource {
  /**
   * What the usage of each place has cost, by module and model, in the order of the places. Usage
   * without a known cost is there, too.
   *
   * @param places apps, each with a time; two of one app in one place do not overlap
   */
  List<List<ModelCost>> of(List<List<AppRange>> places);

  /**
   * Usage of a model, and its cost.
   *
   * @param currency of the cost
   * @param cost exactly; null if nobody knows it, which is not 0
   */
  record ModelCost(
      String module, String model, BigDecimal usage, String currency, @Nullable BigDecimal cost) {}

  /** Makes the source that a server has by itself. */
  @FunctionalInterface
  interface Factory {
    /** A server that notes no costs: a request has to bring them. */
    Factory NONE =
        database -> {
          throw RequestRefusedException.invalid(
              "costs", "a list of unit costs, since this server notes no costs of its own");
        };

    /** The source in a database. */
    CostSource in(Database database);
  }
}
