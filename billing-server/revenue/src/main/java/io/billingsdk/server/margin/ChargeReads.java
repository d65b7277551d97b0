package io.billingsdk.server.margin;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.db.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which modules and models a charge of a plan reads. It remembers; for one thread. */
final class ChargeReads {
  private static final Actor READER = new Actor("margin");

  private final Plans plans;
  private final Meters meters;
  private final Map<String, List<Meter>> known = new HashMap<>();

  ChargeReads(Database database) {
    this.plans = new Plans(database, READER);
    this.meters = new Meters(database, READER);
  }

  /** Whether a charge counts events of a model, as far as module and model decide it. */
  boolean reads(String plan, int version, String charge, String module, String model) {
    return known
        .computeIfAbsent(plan + "/" + version + "/" + charge, none -> of(plan, version, charge))
        .stream()
        .anyMatch(each -> each.reads(module, model));
  }

  private List<Meter> of(String plan, int version, String charge) {
    return plans.find(plan, version).stream()
        .flatMap(found -> found.charges().stream())
        .filter(each -> each.id().equals(charge))
        .flatMap(each -> each.meters().stream())
        .map(meters::find)
        .flatMap(Optional::stream)
        .toList();
  }
}
