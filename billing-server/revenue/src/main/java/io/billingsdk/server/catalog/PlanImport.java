package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile.PlanDiff;
import io.billingsdk.server.catalog.PlanRows.PublishedPlan;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Brings the catalog to what a file says: all of it, or nothing. Done twice, the second time
 * changes nothing. Thread-safe.
 */
public final class PlanImport {
  private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final Database database;
  private final Plans plans;
  private final Meters meters;

  /**
   * In a database.
   *
   * @param actor who changes it
   */
  public PlanImport(Database database, Actor actor) {
    this(database, actor, InstantSource.system());
  }

  /** The same with another clock. */
  public PlanImport(Database database, Actor actor, InstantSource clock) {
    this.database = database;
    this.plans = new Plans(database, actor, clock);
    this.meters = new Meters(database, actor);
  }

  /**
   * How a file is imported.
   *
   * @param publish whether plans that changed are published, rather than kept as drafts
   * @param validFrom of what is published; null for now
   * @param dryRun whether nothing is changed
   */
  public record ImportOptions(boolean publish, @Nullable Instant validFrom, boolean dryRun) {}

  /** What becomes of a meter or a plan. */
  public enum ImportOutcome {
    /** The catalog says the same already. */
    UNCHANGED,
    /** A meter is new. */
    CREATED,
    /** A meter says something else from now on. */
    CHANGED,
    /** A plan is kept as a draft. */
    DRAFTED,
    /** A plan has a new version. */
    PUBLISHED
  }

  /**
   * A meter or a plan of the file.
   *
   * @param kind {@code meter} or {@code plan}
   * @param version of a plan that is published, or says the same as this version; null for none
   * @param diff against what was there
   */
  public record ImportedItem(
      String kind, String id, ImportOutcome outcome, @Nullable Integer version, PlanDiff diff) {}

  /** Imports a file; says for each meter and plan of it what becomes of it. */
  public List<ImportedItem> run(PlanFile file, ImportOptions options) {
    if (options.validFrom() != null && !options.publish()) {
      throw RequestRefusedException.invalid("validFrom", "left out where nothing is published");
    }
    return database.inTransaction(
        handle -> {
          List<ImportedItem> items = new ArrayList<>();
          // In the order of their names: two imports at once would wait for each other else.
          sorted(file.meterDocuments(), MeterDocument::slug)
              .forEach(each -> items.add(meter(handle, each, options)));
          Map<String, MeterDocument> ofFile = new LinkedHashMap<>();
          file.meterDocuments().forEach(each -> ofFile.put(each.slug(), each));
          sorted(file.planDocuments(), PlanDocument::plan)
              .forEach(each -> items.add(plan(handle, each, ofFile, options)));
          return List.copyOf(items);
        });
  }

  private static <T> List<T> sorted(List<T> list, Function<T, String> name) {
    return list.stream().sorted(Comparator.comparing(name)).toList();
  }

  private ImportedItem meter(Handle handle, MeterDocument wanted, ImportOptions options) {
    Optional<MeterDocument> old =
        MeterRows.find(handle, wanted.slug(), options.dryRun() ? "" : "FOR UPDATE");
    ImportOutcome outcome =
        old.isEmpty()
            ? ImportOutcome.CREATED
            : old.get().json().equals(wanted.json())
                ? ImportOutcome.UNCHANGED
                : ImportOutcome.CHANGED;
    if (outcome == ImportOutcome.CREATED && !options.dryRun()) {
      var unused = meters.create(handle, wanted);
    }
    if (outcome == ImportOutcome.CHANGED) {
      Meters.requireUnused(handle, wanted.slug());
      if (!options.dryRun()) {
        meters.change(handle, old.orElseThrow(), wanted);
      }
    }
    PlanDiff diff = PlanComparison.of(old.map(MeterDocument::copy).orElse(NOTHING), wanted.copy());
    return new ImportedItem("meter", wanted.slug(), outcome, null, diff);
  }

  private ImportedItem plan(
      Handle handle,
      PlanDocument wanted,
      Map<String, MeterDocument> ofFile,
      ImportOptions options) {
    if (!options.dryRun()) {
      PlanRows.lock(handle, wanted.plan());
    }
    Map<String, MeterDocument> known = new LinkedHashMap<>(ofFile);
    MeterRows.held(handle, wanted.meters()).forEach(known::putIfAbsent);
    PlanChecks.requireMeters(wanted, known);
    Optional<PublishedPlan> last = PlanRows.last(handle, wanted.plan());
    PlanChecks.requireCurrency(wanted, last);
    PlanDiff diff =
        PlanComparison.of(last.map(each -> each.document().copy()).orElse(NOTHING), wanted.copy());
    if (last.isPresent() && last.get().version().digest().equals(wanted.digest())) {
      return item(wanted, ImportOutcome.UNCHANGED, last.get().version().version(), diff);
    }
    if (options.publish()) {
      return item(wanted, ImportOutcome.PUBLISHED, published(handle, wanted, last, options), diff);
    }
    Optional<PlanDocument> draft = PlanRows.draft(handle, wanted.plan());
    if (draft.isPresent() && draft.get().digest().equals(wanted.digest())) {
      return item(wanted, ImportOutcome.UNCHANGED, null, diff);
    }
    if (!options.dryRun()) {
      plans.saveDraft(handle, wanted);
    }
    return item(wanted, ImportOutcome.DRAFTED, null, diff);
  }

  private int published(
      Handle handle, PlanDocument wanted, Optional<PublishedPlan> last, ImportOptions options) {
    if (options.dryRun()) {
      var unused = plans.requireLater(last, options.validFrom());
      return last.map(each -> each.version().version()).orElse(0) + 1;
    }
    PlanVersion made = plans.publish(handle, wanted, options.validFrom());
    PlanRows.removeDraft(handle, wanted.plan());
    return made.version();
  }

  private static ImportedItem item(
      PlanDocument plan, ImportOutcome outcome, @Nullable Integer version, PlanDiff diff) {
    return new ImportedItem("plan", plan.plan(), outcome, version, diff);
  }
}
