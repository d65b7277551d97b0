package io.billingsdk.server.tax;

import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of exchange rates. */
final class ExchangeRows {
  private static final String COLUMNS =
      "SELECT day::text AS day, base, quote, rate, source FROM exchange_rate ";

  private ExchangeRows() {}

  /** Adds a rate; false if there is one of that day already. */
  static boolean add(Handle handle, ExchangeRate added, String actor) {
    return handle
            .createUpdate(
                """
                INSERT INTO exchange_rate (base, quote, day, rate, source, actor)
                VALUES (:base, :quote, :day, :rate, :source, :actor) ON CONFLICT DO NOTHING
                """)
            .bind("base", added.base())
            .bind("quote", added.quote())
            .bind("day", added.day())
            .bind("rate", added.rate())
            .bind("source", added.source())
            .bind("actor", actor)
            .execute()
        > 0;
  }

  static ExchangeRate of(Handle handle, String base, String quote, LocalDate day) {
    return handle
        .createQuery(COLUMNS + "WHERE base = :base AND quote = :quote AND day = :day")
        .bind("base", base)
        .bind("quote", quote)
        .bind("day", day)
        .map(ResultRow.to(ExchangeRows::rate))
        .one();
  }

  /** The latest rate of two currencies, either way, of these days. */
  static Optional<ExchangeRate> latest(
      Handle handle, String one, String other, LocalDate from, LocalDate to) {
    return handle
        .createQuery(
            COLUMNS
                + """
                WHERE ((base = :one AND quote = :other) OR (base = :other AND quote = :one))
                  AND day BETWEEN :from AND :to
                ORDER BY day DESC, base = :one DESC LIMIT 1
                """)
        .bind("one", one)
        .bind("other", other)
        .bind("from", from)
        .bind("to", to)
        .map(ResultRow.to(ExchangeRows::rate))
        .findFirst();
  }

  private static ExchangeRate rate(ResultRow row) {
    return new ExchangeRate(
        0,
        LocalDate.parse(row.text("day")),
        row.text("base"),
        row.text("quote"),
        row.decimal("rate"),
        row.text("source"));
  }
}
