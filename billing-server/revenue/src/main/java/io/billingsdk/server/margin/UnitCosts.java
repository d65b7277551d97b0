package io.billingsdk.server.margin;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Costs by a list: usage times the cost of a unit, at all times the same. Thread-safe. */
final class UnitCosts implements CostSource {
  private final UsedModels usage;
  private final List<UnitCost> list;
  private final String currency;

  /**
   * Of a list.
   *
   * @param list the first one that fits a model counts
   */
  UnitCosts(Database database, List<UnitCost> list, String currency) {
    this.usage = new UsedModels(database);
    this.list = List.copyOf(list);
    this.currency = currency;
  }

  /**
   * What a unit of usage costs.
   *
   * @param module of the events
   * @param model of the events; null for all models of the module
   */
  record UnitCost(String module, @Nullable String model, BigDecimal perUnit) {
    boolean fits(String otherModule, String otherModel) {
      return module.equals(otherModule) && (model == null || model.equals(otherModel));
    }
  }

  @Override
  public List<List<ModelCost>> of(List<List<AppRange>> places) {
    List<List<ModelCost>> all = new ArrayList<>();
    for (List<UsedModels.UsedModel> used : usage.of(places)) {
      all.add(used.stream().map(this::cost).toList());
    }
    return all;
  }

  private ModelCost cost(UsedModels.UsedModel used) {
    Optional<UnitCost> unit =
        list.stream().filter(each -> each.fits(used.module(), used.model())).findFirst();
    return new ModelCost(
        used.module(),
        used.model(),
        used.usage(),
        currency,
        unit.map(each -> each.perUnit().multiply(used.usage())).orElse(null));
  }
}
