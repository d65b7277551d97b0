package io.billingsdk.server.costs;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.costs.ChangeSummary.Summed;
import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes costs otherwise by the price list in force: a dry run, the same for good by its
 * fingerprint, and the way back. Each cost has the price of the time of its use, whichever list it
 * is rated by. Earlier revisions stay. Thread-safe.
 */
final class ReRatings {
  private final Database database;
  private final CostStore store;
  private final Catalogues catalogues;
  private final Actor actor;

  ReRatings(Database database, CostStore store, Catalogues catalogues, Actor actor) {
    this.database = database;
    this.store = store;
    this.catalogues = catalogues;
    this.actor = actor;
  }

  /**
   * Which costs are meant.
   *
   * @param from the first moment
   * @param to the end of the range, exclusive
   * @param service null for all
   * @param model null for all
   * @param isUnknownOnly those alone whose cost is unknown
   */
  record Selection(
      Instant from,
      Instant to,
      @Nullable String service,
      @Nullable String model,
      boolean isUnknownOnly) {
    Map<String, Object> texts() {
      Map<String, Object> texts = new TreeMap<>();
      texts.put("from", from.toString());
      texts.put("to", to.toString());
      texts.put("unknownOnly", isUnknownOnly);
      if (service != null) {
        texts.put("service", service);
      }
      if (model != null) {
        texts.put("model", model);
      }
      return texts;
    }
  }

  /**
   * The outcome: the changes, made or to be made.
   *
   * @param number of the change; null of a dry run
   * @param catalogue the version of the price list
   */
  record Outcome(@Nullable Long number, String catalogue, Summed summed) {}

  /** What a re-rating would change. */
  Outcome dryRun(Selection selection) {
    return database.inTransaction(
        handle -> {
          CostPricer pricer = catalogues.pricer(handle);
          Summed summed = summed(handle, selection, pricer);
          AuditLog.write(handle, actor, "costs.rerating_dry_run", "costs", null, selection.texts());
          return new Outcome(null, pricer.version(), summed);
        });
  }

  /**
   * Changes the costs.
   *
   * @param fingerprint of the dry run that the person has read
   */
  Outcome apply(Selection selection, String fingerprint, String reason) {
    return database.inTransaction(
        handle -> {
          CostStore.lock(handle);
          CostPricer pricer = catalogues.pricer(handle);
          Summed summed = summed(handle, selection, pricer);
          if (!summed.fingerprint().equals(fingerprint)) {
            throw RequestRefusedException.conflict(
                "fingerprint",
                "the costs or the price list have changed since the dry run: its fingerprint"
                    + " would be "
                    + summed.fingerprint()
                    + " now. Make a dry run again and read it.");
          }
          NewChange change =
              new NewChange("rerating", null, reason, selection.texts(), pricer.version(), summed);
          long number = ChangeRows.add(handle, change, actor);
          CostPages.ofCosts(
              handle, selection, page -> store.replace(handle, changes(page, pricer), number));
          audit(handle, "costs.rerate", number, reason, summed);
          return new Outcome(number, pricer.version(), summed);
        });
  }

  /** A change of costs, as it is written down. */
  record NewChange(
      String kind,
      @Nullable Long undoes,
      String reason,
      Map<String, Object> selection,
      String catalogue,
      Summed summed) {}

  /** Takes a change back: each cost is as it was before, as another revision. */
  Outcome undo(long number, String reason) {
    return database.inTransaction(
        handle -> {
          CostStore.lock(handle);
          ListedChange undone = ChangeRows.require(handle, number);
          requireUndoable(handle, undone);
          ChangeSummary summary = new ChangeSummary();
          CostPages.ofChange(handle, number, summary::add);
          Summed summed = summary.end(undone.catalogue());
          String catalogue = Catalogues.latest(handle).orElse(undone.catalogue());
          NewChange change =
              new NewChange("undo", number, reason, Map.of("undoes", number), catalogue, summed);
          long made = ChangeRows.add(handle, change, actor);
          CostPages.ofChange(handle, number, page -> store.replace(handle, page, made));
          audit(handle, "costs.undo", made, reason, summed);
          return new Outcome(made, catalogue, summed);
        });
  }

  private static void requireUndoable(Handle handle, ListedChange change) {
    if (change.undoneBy() != null) {
      throw RequestRefusedException.conflict(
          "id",
          "the change "
              + change.number()
              + " was undone already, by the change "
              + change.undoneBy());
    }
    long since = ChangeRows.changedSince(handle, change.number());
    if (since > 0) {
      throw RequestRefusedException.conflict(
          "id",
          since + " costs of the change were changed again since. Undo the later change first.");
    }
  }

  /** The changes, the latest first. */
  List<ListedChange> list(@Nullable Long below, int most) {
    return database.read(handle -> ChangeRows.list(handle, below, most));
  }

  /**
   * A change of costs that was made.
   *
   * @param undoes of an undo: the change that it took back
   * @param undoneBy the undo that took it back; null as long as it holds
   * @param selection as JSON
   * @param differences as JSON: by how much the sum of each currency changed
   */
  record ListedChange(
      long number,
      String kind,
      @Nullable Long undoes,
      @Nullable Long undoneBy,
      String reason,
      String selection,
      String catalogue,
      long changed,
      long unchanged,
      String differences,
      String actor,
      Instant madeAt) {}

  private static Summed summed(Handle handle, Selection selection, CostPricer pricer) {
    ChangeSummary summary = new ChangeSummary();
    CostPages.ofCosts(
        handle,
        selection,
        page -> {
          List<CostChange> changes = changes(page, pricer);
          summary.addUnchanged(page.size() - changes.size());
          summary.add(changes);
        });
    return summary.end(pricer.version());
  }

  private static List<CostChange> changes(List<CostRow> rows, CostPricer pricer) {
    return rows.stream()
        .map(row -> new CostChange(row, EventCosts.again(row, pricer)))
        .filter(ChangeSummary::isOther)
        .toList();
  }

  private void audit(Handle handle, String act, long number, String reason, Summed summed) {
    AuditLog.write(
        handle,
        actor,
        act,
        "cost-change/" + number,
        null,
        Map.of(
            "reason", reason,
            "changed", summed.changed(),
            "fingerprint", summed.fingerprint()));
  }
}
