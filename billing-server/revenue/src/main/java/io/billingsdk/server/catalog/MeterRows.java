package io.billingsdk.server.catalog;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of meters. */
final class MeterRows {
  private static final String SELECT = "SELECT slug, content FROM meter ";

  private MeterRows() {}

  static Optional<MeterDocument> find(Handle handle, String slug, String lock) {
    return handle
        .createQuery(SELECT + "WHERE slug = :slug " + lock)
        .bind("slug", slug)
        .map(ResultRow.to(MeterRows::document))
        .findFirst();
  }

  static List<MeterDocument> named(Handle handle, Collection<String> slugs) {
    return handle
        .createQuery(SELECT + "WHERE slug = ANY (:slugs)")
        .bind("slugs", SqlArrays.texts(slugs))
        .map(ResultRow.to(MeterRows::document))
        .list();
  }

  static List<MeterDocument> after(Handle handle, String after, int most) {
    return handle
        .createQuery(SELECT + "WHERE slug > :after ORDER BY slug LIMIT :most")
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(MeterRows::document))
        .list();
  }

  /** Those of these slugs that are there, which nobody changes before the transaction ends. */
  static Map<String, MeterDocument> held(Handle handle, Collection<String> slugs) {
    Map<String, MeterDocument> found = new LinkedHashMap<>();
    handle
        .createQuery(SELECT + "WHERE slug = ANY (:slugs) ORDER BY slug FOR SHARE")
        .bind("slugs", SqlArrays.texts(slugs))
        .map(ResultRow.to(MeterRows::document))
        .forEach(each -> found.put(each.slug(), each));
    return found;
  }

  /** False when there is one with this slug. */
  static boolean insert(Handle handle, MeterDocument meter) {
    return handle
            .createUpdate(
                "INSERT INTO meter (slug, content) VALUES (:slug, :content::json)"
                    + " ON CONFLICT DO NOTHING")
            .bind("slug", meter.slug())
            .bind("content", meter.json())
            .execute()
        > 0;
  }

  static void update(Handle handle, MeterDocument meter) {
    handle
        .createUpdate("UPDATE meter SET content = :content::json WHERE slug = :slug")
        .bind("slug", meter.slug())
        .bind("content", meter.json())
        .execute();
  }

  /** A published plan that reads it, as {@code pro version 3}; empty when none does. */
  static Optional<String> user(Handle handle, String slug) {
    return handle
        .createQuery(
            "SELECT plan_id || ' version ' || version AS used FROM plan_version_meter"
                + " WHERE slug = :slug ORDER BY plan_id, version LIMIT 1")
        .bind("slug", slug)
        .map(ResultRow.to(row -> row.text("used")))
        .findFirst();
  }

  private static MeterDocument document(ResultRow row) {
    return MeterDocument.read(Fields.of(CatalogJson.stored(row.text("content"))));
  }
}
