package io.billingsdk.server.costs;

import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.CostInputException;
import io.billingsdk.costs.ImportPlan;
import io.billingsdk.costs.PriceFile;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.costs.Catalogues.ListedCatalogue;
import io.billingsdk.server.costs.Catalogues.NewCatalogue;
import io.billingsdk.server.db.Database;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The price list of providers. An import is planned, read by a person and approved by its
 * fingerprint; it makes the next version, and changes no earlier one. Thread-safe.
 */
final class Prices {
  private final Database database;
  private final Catalogues catalogues;
  private final Actor actor;

  /** In a database, by an actor. */
  Prices(Database database, Catalogues catalogues, Actor actor) {
    this.database = database;
    this.catalogues = catalogues;
    this.actor = actor;
  }

  /**
   * A plan, and the version that it is for.
   *
   * @param version that is in force
   */
  record PlannedImport(String version, ImportPlan plan) {}

  /** What an import would do. */
  PlannedImport plan(String file) {
    return database.inTransaction(
        handle -> {
          Catalogue present = catalogues.current(handle);
          ImportPlan plan = ImportPlan.of(present, read(file));
          AuditLog.write(
              handle,
              actor,
              "prices.plan",
              "prices",
              null,
              Map.of("fingerprint", plan.fingerprint()));
          return new PlannedImport(present.version(), plan);
        });
  }

  /**
   * Approves a plan.
   *
   * @param fingerprint of the plan that the person has read
   * @param accepted ids of findings that stop it otherwise
   */
  PlannedImport approve(String file, String fingerprint, List<String> accepted, String reason) {
    return database.inTransaction(
        handle -> {
          Catalogues.lock(handle);
          Catalogue present = catalogues.current(handle);
          ImportPlan plan = ImportPlan.of(present, read(file));
          Catalogue next = next(plan, present, fingerprint, accepted);
          Catalogues.add(handle, new NewCatalogue(next, reason, accepted, actor.name()));
          AuditLog.write(
              handle,
              actor,
              "prices.import",
              "prices",
              Map.of("version", present.version()),
              Map.of("version", next.version(), "reason", reason, "accepted", accepted));
          return new PlannedImport(next.version(), plan);
        });
  }

  private static Catalogue next(
      ImportPlan plan, Catalogue present, String fingerprint, List<String> accepted) {
    try {
      return plan.approve(present, fingerprint, Set.copyOf(accepted));
    } catch (CostInputException refused) {
      throw RequestRefusedException.conflict(refused.field(), String.valueOf(refused.getMessage()));
    }
  }

  private static PriceFile read(String file) {
    try {
      return PriceFile.read(file);
    } catch (CostInputException refused) {
      throw refused(refused);
    }
  }

  /** The refusal of an input, for who sent it. */
  static RequestRefusedException refused(CostInputException refused) {
    String message = String.valueOf(refused.getMessage());
    String start = refused.field() + " must be ";
    String expected =
        message.startsWith(start) ? message.substring(start.length()) : refused.expectation();
    return RequestRefusedException.invalid(refused.field(), expected);
  }

  /** A version; that in force without a name. */
  Catalogue catalogue(@Nullable String version) {
    return database.read(
        handle ->
            version == null ? catalogues.current(handle) : catalogues.require(handle, version));
  }

  /** Versions, the latest first. */
  List<ListedCatalogue> list(@Nullable Long below, int most) {
    return database.read(handle -> Catalogues.list(handle, below, most));
  }
}
