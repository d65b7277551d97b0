package io.billingsdk.server.tax;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Takes in tables of rates and exchange rates; both are added to, never changed. Thread-safe. */
final class TaxImports {
  private final Database database;
  private final Actor actor;
  private final TaxTables tables;

  TaxImports(Database database, Actor actor, TaxTables tables) {
    this.database = database;
    this.actor = actor;
    this.tables = tables;
  }

  /** What became of exchange rates. */
  record Imported(int added, int known) {}

  /** A table of rates, which counts from now on. Its edition must be later than that of now. */
  RateTable rates(String content) {
    RateTable table = RateFile.parse(content);
    return database.inTransaction(
        handle -> {
          TaxLock.take(handle);
          RateTable now = tables.current(database.within(handle));
          if (!table.edition().isAfter(now.edition())) {
            throw RequestRefusedException.conflict(
                "edition",
                "the table is of "
                    + table.edition()
                    + ", and the one that counts now of "
                    + now.edition()
                    + "; give it a later edition");
          }
          String sha256 = sha256(content);
          TaxTables.add(handle, table, content, sha256, actor.name());
          AuditLog.write(
              handle,
              actor,
              "tax.rates",
              table.edition().toString(),
              Map.of("edition", now.edition().toString()),
              Map.of("rows", table.rows().size(), "sha256", sha256));
          return table;
        });
  }

  /** Exchange rates. One that is there may come again, with the same value. */
  Imported exchangeRates(String content) {
    List<ExchangeRate> rates = ExchangeFile.parse(content);
    return database.inTransaction(
        handle -> {
          int added = 0;
          for (ExchangeRate each : rates) {
            added += add(handle, each) ? 1 : 0;
          }
          Imported imported = new Imported(added, rates.size() - added);
          AuditLog.write(
              handle,
              actor,
              "tax.exchange_rates",
              sha256(content),
              null,
              Map.of("added", added, "known", imported.known()));
          return imported;
        });
  }

  private boolean add(Handle handle, ExchangeRate rate) {
    if (ExchangeRows.add(handle, rate, actor.name())) {
      return true;
    }
    ExchangeRate there = ExchangeRows.of(handle, rate.base(), rate.quote(), rate.day());
    if (there.rate().compareTo(rate.rate()) != 0) {
      throw RequestRefusedException.conflict(
          "rate",
          "row "
              + rate.row()
              + " has another rate of "
              + rate.base()
              + " and "
              + rate.quote()
              + " on "
              + rate.day()
              + " than the server: "
              + there.rate().toPlainString()
              + " of "
              + there.source()
              + "; documents may show it, so it does not change");
    }
    return false;
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
