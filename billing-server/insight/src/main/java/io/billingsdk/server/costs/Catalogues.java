package io.billingsdk.server.costs;

import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.PriceFile;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Versions of the price list. A version never changes, so each is read once. Thread-safe. */
final class Catalogues {
  private static final int MOST_KNOWN = 64;

  private static final String LATEST =
      "SELECT version FROM price_catalogue ORDER BY catalogue_no DESC LIMIT 1";

  private static final String PRICES =
      "SELECT prices FROM price_catalogue WHERE version = :version ORDER BY catalogue_no LIMIT 1";

  private static final String LIST =
      """
      SELECT catalogue_no, version, row_count, reason, accepted, actor, made_at
      FROM price_catalogue WHERE catalogue_no < :below ORDER BY catalogue_no DESC LIMIT :most
      """;

  private static final String ADD =
      """
      INSERT INTO price_catalogue (version, prices, row_count, reason, accepted, actor)
      VALUES (:version, :prices, :rows, :reason, string_to_array(:accepted, E'\\n'), :actor)
      """;

  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.prices'))";

  private final Map<String, CostPricer> known = new ConcurrentHashMap<>();
  private final Map<String, Catalogue> read = new ConcurrentHashMap<>();

  /**
   * A version of the price list.
   *
   * @param number rises with each
   * @param accepted ids of the findings that its importer accepted
   */
  record ListedCatalogue(
      long number,
      String version,
      int rows,
      String reason,
      List<String> accepted,
      String actor,
      Instant madeAt) {}

  /** What to add. */
  record NewCatalogue(Catalogue catalogue, String reason, List<String> accepted, String actor) {}

  /** Waits until no other transaction changes the price list. */
  static void lock(Handle handle) {
    handle.createQuery(LOCK).map(ResultRow.to(row -> true)).one();
  }

  /** The version in force; empty until the first start has added the shipped prices. */
  static Optional<String> latest(Handle handle) {
    return handle.createQuery(LATEST).map(ResultRow.to(row -> row.text("version"))).findOne();
  }

  /** The catalogue in force, without a price until the first start has added the shipped ones. */
  Catalogue current(Handle handle) {
    return latest(handle).map(version -> require(handle, version)).orElse(Catalogue.EMPTY);
  }

  /** Rates by the catalogue in force. */
  CostPricer pricer(Handle handle) {
    return pricer(current(handle));
  }

  /** Rates by a version. */
  CostPricer pricer(Handle handle, String version) {
    return pricer(require(handle, version));
  }

  private CostPricer pricer(Catalogue catalogue) {
    forgetSome(known);
    return known.computeIfAbsent(catalogue.version(), none -> new CostPricer(catalogue));
  }

  /**
   * A version that must be there.
   *
   * @throws RequestRefusedException when there is none
   */
  Catalogue require(Handle handle, String version) {
    Catalogue seen = read.get(version);
    if (seen != null) {
      return seen;
    }
    if (version.equals(Catalogue.EMPTY.version())) {
      return Catalogue.EMPTY;
    }
    String prices =
        handle
            .createQuery(PRICES)
            .bind("version", version)
            .map(ResultRow.to(row -> row.text("prices")))
            .findOne()
            .orElseThrow(
                () ->
                    RequestRefusedException.notFound(
                        "catalogue", "there is no version " + version + " of the price list"));
    Catalogue catalogue = Catalogue.of(PriceFile.read(prices).rows());
    forgetSome(read);
    read.put(version, catalogue);
    return catalogue;
  }

  /** All versions are in the database: these are remembered only. */
  private static void forgetSome(Map<String, ?> map) {
    if (map.size() >= MOST_KNOWN) {
      map.clear();
    }
  }

  static void add(Handle handle, NewCatalogue added) {
    handle
        .createUpdate(ADD)
        .bind("version", added.catalogue().version())
        .bind("prices", PriceFile.write(added.catalogue().rows()))
        .bind("rows", added.catalogue().rows().size())
        .bind("reason", added.reason())
        .bind("accepted", String.join("\n", added.accepted()))
        .bind("actor", added.actor())
        .execute();
  }

  static List<ListedCatalogue> list(Handle handle, @Nullable Long below, int most) {
    return handle
        .createQuery(LIST)
        .bind("below", below == null ? Long.MAX_VALUE : below)
        .bind("most", most)
        .map(ResultRow.to(Catalogues::listed))
        .list();
  }

  private static ListedCatalogue listed(ResultRow row) {
    return new ListedCatalogue(
        row.number("catalogue_no"),
        row.text("version"),
        row.integer("row_count"),
        row.text("reason"),
        row.texts("accepted"),
        row.text("actor"),
        row.time("made_at"));
  }

  /** Adds the prices that come with the product, once: a later start leaves what is there. */
  static void addShipped(Database database) {
    database.useTransaction(
        handle -> {
          lock(handle);
          if (latest(handle).isEmpty()) {
            add(
                handle,
                new NewCatalogue(
                    Catalogue.shipped(), "prices that come with the product", List.of(), "server"));
          }
        });
  }
}
