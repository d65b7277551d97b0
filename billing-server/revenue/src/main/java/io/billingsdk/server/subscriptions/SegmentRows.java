package io.billingsdk.server.subscriptions;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The segments of subscriptions, by customer. */
final class SegmentRows {
  /** Before the first customer. */
  static final List<String> FIRST = List.of("");

  private static final String CUSTOMERS =
      """
      SELECT DISTINCT customer_id FROM subscription s
      WHERE customer_id > :after AND EXISTS (SELECT 1 FROM subscription_segment g
        WHERE g.subscription_id = s.subscription_id AND g.valid_from < :before)
      ORDER BY customer_id LIMIT :most
      """;

  // One that another plan replaced at the same moment was never in force.
  private static final String SEGMENTS =
      """
      SELECT s.customer_id, g.number, g.plan, g.plan_version, g.is_trial, g.valid_from, g.valid_to
      FROM subscription_segment g JOIN subscription s USING (subscription_id)
      WHERE s.customer_id = ANY(:customers) AND g.valid_from < :before
        AND (g.valid_to IS NULL OR g.valid_to > g.valid_from)
      ORDER BY s.customer_id, g.valid_from, g.subscription_id, g.number
      """;

  private SegmentRows() {}

  /** The ids of customers with a time before a moment, in their order. */
  static List<String> customers(Handle handle, String after, Instant before, int most) {
    return handle
        .createQuery(CUSTOMERS)
        .bind("after", after)
        .bind("before", before)
        .bind("most", most)
        .map(ResultRow.to(row -> row.text("customer_id")))
        .list();
  }

  /** The times of customers; a list for each that has any. */
  static List<List<PlanTime>> byCustomer(
      Handle handle, List<String> customers, Instant before, PlanBook plans) {
    // All rows first: their plans are asked for on the same connection.
    List<Row> rows =
        handle
            .createQuery(SEGMENTS)
            .bind("customers", customers.toArray(String[]::new))
            .bind("before", before)
            .map(ResultRow.to(SegmentRows::row))
            .list();
    Map<String, List<PlanTime>> found = new LinkedHashMap<>();
    for (Row row : rows) {
      Segment segment =
          new Segment(
              row.number(),
              plans.version(row.plan(), row.version()),
              row.isTrial(),
              row.from(),
              row.to());
      found
          .computeIfAbsent(row.customer(), none -> new ArrayList<>())
          .add(PlanTime.of(row.customer(), segment));
    }
    return List.copyOf(found.values());
  }

  private record Row(
      String customer,
      int number,
      String plan,
      int version,
      boolean isTrial,
      Instant from,
      @Nullable Instant to) {}

  private static Row row(ResultRow row) {
    return new Row(
        row.text("customer_id"),
        row.integer("number"),
        row.text("plan"),
        row.integer("plan_version"),
        row.flag("is_trial"),
        row.time("valid_from"),
        row.timeOrNull("valid_to"));
  }
}
