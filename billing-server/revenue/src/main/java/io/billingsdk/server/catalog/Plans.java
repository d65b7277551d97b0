package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.catalog.PlanRows.ListedPlan;
import io.billingsdk.server.catalog.PlanRows.PublishedPlan;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Plans and their versions. A plan is drafted, changed as often as wanted, and published; a
 * published version never changes, and who has it keeps it. Thread-safe.
 */
public final class Plans {
  /** Events that say so: a version was published. Their subject is {@code plan/ID}. */
  public static final String PUBLISHED = "plan.published";

  private final Database database;
  private final Actor actor;
  private final InstantSource clock;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Plans(Database database, Actor actor) {
    this(database, actor, InstantSource.system());
  }

  /** The same with another clock. */
  public Plans(Database database, Actor actor, InstantSource clock) {
    this.database = database;
    this.actor = actor;
    this.clock = clock;
  }

  /** A version; empty when there is none. */
  public Optional<PlanVersion> find(String plan, int version) {
    return published(plan, version).map(PublishedPlan::version);
  }

  /**
   * A version that must be there.
   *
   * @throws RequestRefusedException when there is none
   */
  public PlanVersion require(String plan, int version) {
    return requirePublished(plan, version).version();
  }

  /**
   * SHA-256 of what the row of a version says now; the one of its publication as long as nobody has
   * changed the row. Empty when there is none.
   */
  public Optional<String> digestOf(String plan, int version) {
    return database
        .read(handle -> PlanRows.content(handle, plan, version))
        .map(CatalogJson::sha256);
  }

  /**
   * The version that new subscriptions have at a moment.
   *
   * @throws RequestRefusedException when there is none
   */
  public PlanVersion current(String plan, Instant at) {
    return database
        .read(handle -> PlanRows.at(handle, plan, at))
        .map(PublishedPlan::version)
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "plan", "the plan " + plan + " has no version that is valid at " + at));
  }

  /**
   * A version with the meters that it reads, as a file.
   *
   * @throws RequestRefusedException when there is none
   */
  public PlanFile file(String plan, int version) {
    PlanDocument document = requirePublished(plan, version).document();
    Meters meters = new Meters(database, actor);
    return PlanFile.of(
        document.meters().stream()
            .map(slug -> meters.document(slug).orElseThrow(() -> Meters.none(slug)))
            .toList(),
        List.of(document));
  }

  /** The ids of plans with a version that invoices usage before the end of a period. */
  public List<String> progressive() {
    return database.read(PlanRows::progressive);
  }

  /** All versions of a plan, the first one first. */
  public List<PlanVersion> versions(String plan) {
    return versions(plan, 0, Integer.MAX_VALUE).stream().map(PublishedPlan::version).toList();
  }

  /**
   * Publishes the draft of a plan.
   *
   * @param validFrom since when new subscriptions have it; null for now. It is after that of the
   *     version before, and only of the first version it may have passed
   * @throws RequestRefusedException when there is no draft, or when it no longer fits
   */
  public PlanVersion publish(String plan, @Nullable Instant validFrom) {
    return database.inTransaction(
        handle -> {
          PlanDocument draft = requireLockedDraft(handle, plan);
          PlanVersion made = publish(handle, draft, validFrom);
          PlanRows.removeDraft(handle, plan);
          return made;
        });
  }

  /** Saves a draft in place of the one before. */
  PlanDocument saveDraft(JsonNode content) {
    PlanDocument draft = PlanParser.read(content);
    return database.inTransaction(
        handle -> {
          PlanRows.lock(handle, draft.plan());
          requireFitting(handle, draft);
          saveDraft(handle, draft);
          return draft;
        });
  }

  void saveDraft(Handle handle, PlanDocument draft) {
    PlanRows.saveDraft(handle, draft);
    AuditLog.write(
        handle, actor, "plan.draft", draft.plan(), null, Map.of("digest", draft.digest()));
  }

  /** Takes a draft away. */
  void removeDraft(String plan) {
    database.useTransaction(
        handle -> {
          PlanDocument draft = requireLockedDraft(handle, plan);
          PlanRows.removeDraft(handle, plan);
          AuditLog.write(
              handle, actor, "plan.draft_remove", plan, Map.of("digest", draft.digest()), null);
        });
  }

  /** Publishes a plan whose row is locked. */
  PlanVersion publish(Handle handle, PlanDocument plan, @Nullable Instant validFrom) {
    Optional<PublishedPlan> last = requireFitting(handle, plan);
    int version = last.map(each -> each.version().version()).orElse(0) + 1;
    Instant from = requireLater(last, validFrom);
    PlanRows.publish(handle, plan, version, from, actor.name());
    PlanRows.addMeters(handle, plan.plan(), version, plan.meters());
    Map<String, Object> published =
        Map.of(
            "plan", plan.plan(),
            "version", version,
            "validFrom", from.toString(),
            "digest", plan.digest());
    AuditLog.write(handle, actor, "plan.publish", plan.plan(), null, published);
    Outbox.add(handle, DomainEvent.of(PUBLISHED, "plan/" + plan.plan(), published, actor.name()));
    return plan.version(version, from);
  }

  Optional<PublishedPlan> published(String plan, int version) {
    return database.read(handle -> PlanRows.find(handle, plan, version));
  }

  PublishedPlan requirePublished(String plan, int version) {
    return published(plan, version)
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "plan", "the plan " + plan + " has no version " + version));
  }

  List<PublishedPlan> versions(String plan, long after, int most) {
    return database.read(
        handle -> {
          requireThere(handle, plan);
          return PlanRows.versions(handle, plan, after, most);
        });
  }

  List<ListedPlan> after(String after, int most) {
    return database.read(handle -> PlanRows.after(handle, after, most));
  }

  Optional<PlanDocument> draft(String plan) {
    return database.read(handle -> PlanRows.draft(handle, plan));
  }

  PlanDocument requireDraft(String plan) {
    return draft(plan).orElseThrow(() -> noDraft(plan));
  }

  private static PlanDocument requireLockedDraft(Handle handle, String plan) {
    requireThere(handle, plan);
    PlanRows.lock(handle, plan);
    return PlanRows.draft(handle, plan).orElseThrow(() -> noDraft(plan));
  }

  private static void requireThere(Handle handle, String plan) {
    if (!PlanRows.isThere(handle, plan)) {
      throw RequestRefusedException.notFound("plan", "there is no plan " + plan);
    }
  }

  private static RequestRefusedException noDraft(String plan) {
    return RequestRefusedException.notFound("plan", "the plan " + plan + " has no draft");
  }

  private static Optional<PublishedPlan> requireFitting(Handle handle, PlanDocument plan) {
    PlanChecks.requireMeters(plan, MeterRows.held(handle, plan.meters()));
    Optional<PublishedPlan> last = PlanRows.last(handle, plan.plan());
    PlanChecks.requireCurrency(plan, last);
    return last;
  }

  Instant requireLater(Optional<PublishedPlan> last, @Nullable Instant wanted) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Instant from = wanted == null ? now : wanted.truncatedTo(ChronoUnit.MICROS);
    if (last.isEmpty()) {
      return from;
    }
    Instant before = last.get().version().validFrom();
    if (!from.isAfter(before)) {
      throw RequestRefusedException.invalid(
          "validFrom", "after " + before + ", when the version before begins");
    }
    if (wanted != null && from.isBefore(now)) {
      throw RequestRefusedException.invalid(
          "validFrom", "now or later: the version before was valid in the past");
    }
    return from;
  }
}
