package io.billingsdk.server.costs;

import io.billingsdk.costs.CostRecord;
import io.billingsdk.costs.FocusContext;
import io.billingsdk.costs.FocusWriter;
import io.billingsdk.costs.PriceQuery;
import io.billingsdk.costs.PriceRow;
import io.billingsdk.costs.RatedCost;
import io.billingsdk.server.db.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Costs in the columns of FOCUS 1.2, a page at a time, so that neither side holds more than a page.
 * For one thread.
 */
final class FocusPages {
  private static final int NAME_CHARS = 200;

  private final Database database;
  private final Catalogues catalogues;
  private final StreamNames streams;

  FocusPages(Database database, Catalogues catalogues) {
    this.database = database;
    this.catalogues = catalogues;
    this.streams = new StreamNames(database);
  }

  /**
   * A page.
   *
   * @param csv begins with the names of the columns
   * @param unknown costs of the page that have no row, since they have no amount
   */
  record FocusPage(String csv, long unknown) {}

  FocusPage of(List<CostRow> rows, FocusContext context) {
    StringBuilder csv = new StringBuilder();
    try {
      FocusWriter writer = FocusWriter.start(csv, context);
      for (CostRow row : rows) {
        Optional<CostRecord> record = database.read(handle -> record(handle, row));
        if (record.isPresent()) {
          writer.write(record.get());
        }
      }
      return new FocusPage(csv.toString(), rows.size() - priced(rows));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static long priced(List<CostRow> rows) {
    return rows.stream().filter(row -> row.cost().amount() != null).count();
  }

  /** Empty of an unknown cost. */
  private Optional<CostRecord> record(Handle handle, CostRow row) {
    BigDecimal amount = row.cost().amount();
    if (amount == null) {
      return Optional.empty();
    }
    String version = row.cost().pins().catalogue();
    RatedCost rated =
        EventCosts.priced(row, catalogues.pricer(handle, version)).rated().orElseThrow();
    Optional<String> provider =
        rated
            .pins()
            .priceId()
            .flatMap(catalogues.require(handle, version)::row)
            .map(PriceRow::key)
            .map(key -> key.provider());
    return Optional.of(
        new CostRecord(
            streams.of(row.id().streamId()) + "/" + row.id().seq(),
            amount.signum() < 0 ? Optional.of("an earlier use") : Optional.empty(),
            Optional.ofNullable(row.owner().subject()).map(FocusPages::name),
            Optional.ofNullable(row.owner().execution()).map(FocusPages::name),
            row.at(),
            named(rated, provider)));
  }

  /** Names of columns are shorter than those of events may be. */
  private static String name(String text) {
    return text.length() <= NAME_CHARS ? text : text.substring(0, NAME_CHARS);
  }

  private static RatedCost named(RatedCost rated, Optional<String> provider) {
    PriceQuery query = rated.query();
    PriceQuery named =
        new PriceQuery(
            query.provider().or(() -> provider),
            query.model(),
            query.at(),
            query.serviceTier(),
            query.region());
    return new RatedCost(
        named, rated.state(), rated.currency(), rated.lines(), rated.unknown(), rated.pins());
  }
}
