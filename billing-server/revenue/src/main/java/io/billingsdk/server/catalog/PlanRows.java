package io.billingsdk.server.catalog;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of plans, their drafts and their versions. */
final class PlanRows {
  private static final String VERSION =
      """
      SELECT plan_id, version, content, digest, valid_from, published_at, published_by
      FROM plan_version
      """;

  private static final String PUBLISH =
      """
      INSERT INTO plan_version (plan_id, version, content, digest, valid_from, published_by)
      VALUES (:plan, :version, :content::json, :digest, :from, :actor)
      """;

  private static final String SAVE_DRAFT =
      """
      INSERT INTO plan_draft (plan_id, content, digest) VALUES (:plan, :content::json, :digest)
      ON CONFLICT (plan_id)
        DO UPDATE SET content = :content::json, digest = :digest, changed_at = now()
      """;

  private static final String LIST =
      """
      SELECT p.plan_id, max(v.version) AS version, bool_or(d.plan_id IS NOT NULL) AS draft
      FROM plan p LEFT JOIN plan_version v USING (plan_id) LEFT JOIN plan_draft d USING (plan_id)
      WHERE p.plan_id > :after GROUP BY p.plan_id ORDER BY p.plan_id LIMIT :most
      """;

  private PlanRows() {}

  /** A version with what its row knows beside it. */
  record PublishedPlan(
      PlanDocument document, PlanVersion version, Instant publishedAt, String publishedBy) {}

  /**
   * A plan of a list.
   *
   * @param version the last one that is published; null for none
   */
  record ListedPlan(String plan, @Nullable Integer version, boolean hasDraft) {}

  /** Makes its row if there is none, and is alone with the plan until the transaction ends. */
  static void lock(Handle handle, String plan) {
    handle
        .createUpdate("INSERT INTO plan (plan_id) VALUES (:plan) ON CONFLICT DO NOTHING")
        .bind("plan", plan)
        .execute();
    var unused =
        handle
            .createQuery("SELECT plan_id FROM plan WHERE plan_id = :plan FOR UPDATE")
            .bind("plan", plan)
            .mapTo(String.class)
            .one();
  }

  static boolean isThere(Handle handle, String plan) {
    return handle
        .createQuery("SELECT 1 FROM plan WHERE plan_id = :plan")
        .bind("plan", plan)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  static List<ListedPlan> after(Handle handle, String after, int most) {
    return handle
        .createQuery(LIST)
        .bind("after", after)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new ListedPlan(
                        row.text("plan_id"),
                        row.isNull("version") ? null : row.integer("version"),
                        row.flag("draft"))))
        .list();
  }

  static Optional<PublishedPlan> find(Handle handle, String plan, int version) {
    return handle
        .createQuery(VERSION + "WHERE plan_id = :plan AND version = :version")
        .bind("plan", plan)
        .bind("version", version)
        .map(ResultRow.to(PlanRows::published))
        .findFirst();
  }

  static List<String> progressive(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT plan_id FROM plan_version
            WHERE content -> 'progressiveBilling' IS NOT NULL ORDER BY plan_id
            """)
        .mapTo(String.class)
        .list();
  }

  /** The text of a version, byte for byte. */
  static Optional<String> content(Handle handle, String plan, int version) {
    return handle
        .createQuery(
            "SELECT content FROM plan_version WHERE plan_id = :plan AND version = :version")
        .bind("plan", plan)
        .bind("version", version)
        .map(ResultRow.to(row -> row.text("content")))
        .findFirst();
  }

  static Optional<PublishedPlan> last(Handle handle, String plan) {
    return handle
        .createQuery(VERSION + "WHERE plan_id = :plan ORDER BY version DESC LIMIT 1")
        .bind("plan", plan)
        .map(ResultRow.to(PlanRows::published))
        .findFirst();
  }

  static Optional<PublishedPlan> at(Handle handle, String plan, Instant at) {
    return handle
        .createQuery(
            VERSION + "WHERE plan_id = :plan AND valid_from <= :at ORDER BY version DESC LIMIT 1")
        .bind("plan", plan)
        .bind("at", at)
        .map(ResultRow.to(PlanRows::published))
        .findFirst();
  }

  static List<PublishedPlan> versions(Handle handle, String plan, long after, int most) {
    return handle
        .createQuery(
            VERSION + "WHERE plan_id = :plan AND version > :after ORDER BY version LIMIT :most")
        .bind("plan", plan)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(PlanRows::published))
        .list();
  }

  static void publish(Handle handle, PlanDocument plan, int version, Instant from, String actor) {
    handle
        .createUpdate(PUBLISH)
        .bind("plan", plan.plan())
        .bind("version", version)
        .bind("content", plan.json())
        .bind("digest", plan.digest())
        .bind("from", from)
        .bind("actor", actor)
        .execute();
  }

  /** A change of one of these meters is refused from now on. */
  static void addMeters(Handle handle, String plan, int version, Collection<String> slugs) {
    for (String slug : slugs) {
      handle
          .createUpdate(
              "INSERT INTO plan_version_meter (slug, plan_id, version)"
                  + " VALUES (:slug, :plan, :version)")
          .bind("slug", slug)
          .bind("plan", plan)
          .bind("version", version)
          .execute();
    }
  }

  static Optional<PlanDocument> draft(Handle handle, String plan) {
    return handle
        .createQuery("SELECT content FROM plan_draft WHERE plan_id = :plan")
        .bind("plan", plan)
        .map(ResultRow.to(PlanRows::document))
        .findFirst();
  }

  static void saveDraft(Handle handle, PlanDocument plan) {
    handle
        .createUpdate(SAVE_DRAFT)
        .bind("plan", plan.plan())
        .bind("content", plan.json())
        .bind("digest", plan.digest())
        .execute();
  }

  /** False when there is none. */
  static boolean removeDraft(Handle handle, String plan) {
    return handle
            .createUpdate("DELETE FROM plan_draft WHERE plan_id = :plan")
            .bind("plan", plan)
            .execute()
        > 0;
  }

  private static PlanDocument document(ResultRow row) {
    return PlanParser.read(CatalogJson.stored(row.text("content")));
  }

  private static PublishedPlan published(ResultRow row) {
    PlanDocument document = document(row);
    return new PublishedPlan(
        document,
        document.version(row.integer("version"), row.time("valid_from"), row.text("digest")),
        row.time("published_at"),
        row.text("published_by"));
  }
}
