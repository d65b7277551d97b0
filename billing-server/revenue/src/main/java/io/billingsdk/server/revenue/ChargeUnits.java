package io.billingsdk.server.revenue;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.Plans;
import io.billingsdk.server.db.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** By which meter a charge of a plan counts, and in which unit. It remembers; for one thread. */
final class ChargeUnits {
  private static final Actor READER = new Actor("revenue");

  private final Plans plans;
  private final Meters meters;
  private final Map<String, Optional<MeteredCharge>> known = new HashMap<>();

  ChargeUnits(Database database) {
    this.plans = new Plans(database, READER);
    this.meters = new Meters(database, READER);
  }

  /** The meter of a charge, and its unit. */
  record MeteredCharge(String meter, String unit) {}

  /** Empty for a fee. */
  Optional<MeteredCharge> of(String plan, int version, String charge) {
    return known.computeIfAbsent(
        plan + "/" + version + "/" + charge, none -> find(plan, version, charge));
  }

  private Optional<MeteredCharge> find(String plan, int version, String charge) {
    return plans.find(plan, version).stream()
        .flatMap(found -> found.charges().stream())
        .filter(each -> each.id().equals(charge))
        .flatMap(each -> each.meters().stream())
        .findFirst()
        .map(
            slug ->
                new MeteredCharge(
                    slug, meters.find(slug).map(meter -> meter.unit()).orElse("Units")));
  }
}
