package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How usage is measured. A meter can be changed until a published plan reads it: then what it
 * measured would change afterwards. Thread-safe.
 */
public final class Meters {
  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Meters(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** A meter; empty when there is none. */
  public Optional<Meter> find(String slug) {
    return database.read(handle -> MeterRows.find(handle, slug, "").map(MeterDocument::meter));
  }

  /** Meters by their slugs; one that is not there is left out. */
  public Map<String, Meter> named(Collection<String> slugs) {
    return database.read(handle -> MeterRows.named(handle, slugs)).stream()
        .map(MeterDocument::meter)
        .collect(Collectors.toMap(Meter::slug, meter -> meter));
  }

  /**
   * A meter that must be there.
   *
   * @throws RequestRefusedException when there is none
   */
  public Meter require(String slug) {
    return find(slug).orElseThrow(() -> none(slug));
  }

  /** All meters, by slug. */
  public List<Meter> all() {
    return after("", Integer.MAX_VALUE).stream().map(MeterDocument::meter).toList();
  }

  /**
   * Makes a meter.
   *
   * @param meter its fields as a plan file has them
   */
  public Meter create(JsonNode meter) {
    MeterDocument wanted = MeterDocument.read(Fields.of(meter));
    return database.inTransaction(handle -> create(handle, wanted)).meter();
  }

  /**
   * Changes a meter that no published plan reads.
   *
   * @param meter its fields as a plan file has them, without the slug
   */
  public Meter change(String slug, JsonNode meter) {
    return database.inTransaction(
        handle -> {
          MeterDocument old =
              MeterRows.find(handle, slug, "FOR UPDATE").orElseThrow(() -> none(slug));
          MeterDocument wanted = withSlug(slug, meter);
          change(handle, old, wanted);
          return wanted.meter();
        });
  }

  List<MeterDocument> after(String after, int most) {
    return database.read(handle -> MeterRows.after(handle, after, most));
  }

  Optional<MeterDocument> document(String slug) {
    return database.read(handle -> MeterRows.find(handle, slug, ""));
  }

  MeterDocument create(Handle handle, MeterDocument wanted) {
    if (wanted.slug().equals(QuotaTerms.AMOUNT)) {
      throw RequestRefusedException.invalid(
          "slug", "another one than amount, which is the meter of spend caps");
    }
    if (!MeterRows.insert(handle, wanted)) {
      throw RequestRefusedException.conflict(
          "slug", "there is a meter " + wanted.slug() + " already; choose another slug");
    }
    log(handle, "meter.create", null, wanted);
    return wanted;
  }

  /** Changes one whose row is locked; what says the same is no change. */
  void change(Handle handle, MeterDocument old, MeterDocument wanted) {
    if (old.json().equals(wanted.json())) {
      return;
    }
    requireUnused(handle, old.slug());
    MeterRows.update(handle, wanted);
    log(handle, "meter.change", old, wanted);
  }

  static void requireUnused(Handle handle, String slug) {
    Optional<String> user = MeterRows.user(handle, slug);
    if (user.isPresent()) {
      throw RequestRefusedException.conflict(
          "slug",
          "the meter "
              + slug
              + " is read by the published plan "
              + user.get()
              + " and cannot change; make another meter");
    }
  }

  static RequestRefusedException none(String slug) {
    return RequestRefusedException.notFound(
        "meter", "there is no meter " + slug + "; create it first");
  }

  private static MeterDocument withSlug(String slug, JsonNode fields) {
    if (!(fields instanceof ObjectNode object)) {
      throw RequestRefusedException.invalid("meter", "an object with fields");
    }
    if (object.has("slug") && !object.path("slug").asText().equals(slug)) {
      throw RequestRefusedException.invalid("slug", slug + ", or left out: a slug never changes");
    }
    return MeterDocument.read(Fields.of(object.deepCopy().put("slug", slug)));
  }

  private void log(
      Handle handle, String action, @Nullable MeterDocument old, MeterDocument changed) {
    AuditLog.write(
        handle,
        actor,
        action,
        changed.slug(),
        old == null ? null : Map.of("meter", old.json()),
        Map.of("meter", changed.json()));
  }
}
