package io.billingsdk.server.subscriptions;

import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Which customer has had which plan, and when, of all subscriptions: for figures. Thread-safe. */
public final class PlanTimes {
  private static final int PAGE = 500;

  private final Database database;
  private final Surroundings surroundings = new CatalogSurroundings();

  /** In a database. */
  public PlanTimes(Database database) {
    this.database = database;
  }

  /**
   * Shows all times that began before a moment, of one customer after the other, in pages: so the
   * memory does not depend on how many there are.
   *
   * @param before the moment, exclusive
   * @param eachCustomer takes the times of a customer, by their beginnings
   */
  public void forEachCustomer(Instant before, Consumer<List<PlanTime>> eachCustomer) {
    Map<String, PlanVersion> plans = new HashMap<>();
    List<String> page = SegmentRows.FIRST;
    do {
      List<String> after = page;
      page =
          database.read(
              handle -> SegmentRows.customers(handle, after.get(after.size() - 1), before, PAGE));
      for (List<PlanTime> times :
          page.isEmpty() ? List.<List<PlanTime>>of() : of(page, before, plans)) {
        eachCustomer.accept(times);
      }
    } while (page.size() == PAGE && !Thread.currentThread().isInterrupted());
  }

  private List<List<PlanTime>> of(
      List<String> customers, Instant before, Map<String, PlanVersion> plans) {
    return database.read(
        handle ->
            SegmentRows.byCustomer(
                handle,
                customers,
                before,
                (plan, version) ->
                    plans.computeIfAbsent(
                        plan + "/" + version,
                        each -> surroundings.version(database.within(handle), plan, version))));
  }
}
