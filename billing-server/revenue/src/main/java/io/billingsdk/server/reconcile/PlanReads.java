package io.billingsdk.server.reconcile;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerBalance.EventChoice;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which events the charges of plans read. For one thread. */
final class PlanReads {
  private final Meters meters;
  private final Map<PlanVersion, List<EventChoice>> known = new HashMap<>();

  PlanReads(Database database) {
    this.meters = new Meters(database, new Actor("reconcile"));
  }

  /** Those of a plan; an event that fits none of them costs nothing. */
  List<EventChoice> of(PlanVersion plan) {
    return known.computeIfAbsent(plan, this::read);
  }

  private List<EventChoice> read(PlanVersion plan) {
    Set<EventChoice> choices = new LinkedHashSet<>();
    for (PlanCharge charge : plan.charges()) {
      for (String slug : charge.meters()) {
        Meter meter = meters.require(slug);
        choices.add(new EventChoice(meter.module(), meter.models(), meter.metadata()));
      }
    }
    return List.copyOf(choices);
  }
}
