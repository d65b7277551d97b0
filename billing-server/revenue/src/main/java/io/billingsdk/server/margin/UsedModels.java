package io.billingsdk.server.margin;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Dimension;
import io.billingsdk.server.ledger.MeteredUsage;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.EventField;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.EventValue;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.Measure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The usage of many places by module and model: a statement for each module. Thread-safe. */
public final class UsedModels {
  private final MeteredUsage ledger;
  private final Measure measure;

  /** Usage, with all corrections. */
  public UsedModels(Database database) {
    this(database, Measure.SUM);
  }

  private UsedModels(Database database, Measure measure) {
    this.ledger = new MeteredUsage(database);
    this.measure = measure;
  }

  /** How many events there are, in place of their usage. */
  public static UsedModels ofEvents(Database database) {
    return new UsedModels(database, Measure.COUNT);
  }

  /** Usage of a model. */
  public record UsedModel(String module, String model, BigDecimal usage) {}

  /** The usage of each place, by module and model. */
  public List<List<UsedModel>> of(List<List<AppRange>> places) {
    List<List<UsedModel>> found = new ArrayList<>();
    places.forEach(each -> found.add(new ArrayList<>()));
    Set<String> modules = new TreeSet<>();
    read(null, "module", places).forEach(each -> modules.addAll(each.keySet()));
    for (String module : modules) {
      List<Map<String, BigDecimal>> models = read(module, "model", places);
      for (int i = 0; i < models.size(); i++) {
        List<UsedModel> of = found.get(i);
        models.get(i).forEach((model, usage) -> of.add(new UsedModel(module, model, usage)));
      }
    }
    return found;
  }

  private List<Map<String, BigDecimal>> read(
      @Nullable String module, String dimension, List<List<AppRange>> places) {
    return ledger.readEach(
        new MeterQuery(
            List.of(),
            module,
            List.of(),
            Map.of(),
            measure,
            new EventValue(EventField.USAGE, ""),
            Dimension.of(dimension),
            MeterQuery.NOW),
        places);
  }
}
