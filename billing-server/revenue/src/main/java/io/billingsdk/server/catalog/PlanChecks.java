package io.billingsdk.server.catalog;

import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.catalog.PlanRows.PublishedPlan;
import io.billingsdk.server.common.RequestRefusedException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a plan must fit to: the meters, and its versions before. */
final class PlanChecks {
  private static final Set<Aggregation> LEVELS = EnumSet.of(Aggregation.MAX, Aggregation.LATEST);

  private static final Set<Aggregation> ADDITIVE = EnumSet.of(Aggregation.SUM, Aggregation.COUNT);

  private PlanChecks() {}

  /** Refuses a plan that reads a meter that is not there, or one that does not fit. */
  static void requireMeters(PlanDocument plan, Map<String, MeterDocument> meters) {
    List<PlanCharge> charges = plan.charges();
    for (int i = 0; i < charges.size(); i++) {
      for (String slug : charges.get(i).meters()) {
        String field = at(plan, "charges[" + i + "].meter");
        Meter meter = known(field, slug, meters.get(slug));
        requireForm(field, charges.get(i).form(), meter);
      }
    }
    List<QuotaTerms> quotas = plan.entitlements().quotas();
    for (int i = 0; i < quotas.size(); i++) {
      String slug = quotas.get(i).meter();
      if (slug.equals(QuotaTerms.AMOUNT)) {
        continue;
      }
      Meter meter = known(at(plan, "entitlements.quotas[" + i + "].meter"), slug, meters.get(slug));
      if (!ADDITIVE.contains(meter.aggregation())) {
        throw RequestRefusedException.invalid(
            at(plan, "entitlements.quotas[" + i + "].meter"),
            "a meter with the aggregation sum or count, since each event adds to a quota; "
                + slug
                + " has another one");
      }
    }
  }

  /** Refuses another currency than that of the versions before. */
  static void requireCurrency(PlanDocument plan, Optional<PublishedPlan> last) {
    if (last.isPresent() && !last.get().version().currency().equals(plan.currency())) {
      throw RequestRefusedException.invalid(
          at(plan, "currency"),
          last.get().version().currency()
              + ", as in the versions before; make another plan for another currency");
    }
  }

  private static Meter known(String field, String slug, @Nullable MeterDocument meter) {
    if (meter == null) {
      throw RequestRefusedException.invalid(
          field, "the slug of a meter; there is no meter " + slug + ", create it first");
    }
    return meter.meter();
  }

  private static void requireForm(String field, UsageForm form, Meter meter) {
    if (form == UsageForm.PEAKS && !LEVELS.contains(meter.aggregation())) {
      throw RequestRefusedException.invalid(
          field, "a meter with the aggregation max or latest, since a capacity holds a level");
    }
    if (form == UsageForm.EVENTS && meter.aggregation() != Aggregation.SUM) {
      throw RequestRefusedException.invalid(
          field, "a meter with the aggregation sum, since each event is priced");
    }
  }

  private static String at(PlanDocument plan, String field) {
    return "plans[" + plan.plan() + "]." + field;
  }
}
