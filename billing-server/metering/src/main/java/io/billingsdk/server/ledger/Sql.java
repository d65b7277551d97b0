package io.billingsdk.server.ledger;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * A statement in the making. Its text is made of constants alone; whatever somebody asked for is a
 * parameter.
 */
final class Sql {
  private final StringBuilder text = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();

  /** Adds a piece with the values of its question marks; an array is one of {@code SqlArrays}. */
  Sql add(String piece, Object... values) {
    text.append(piece).append('\n');
    parameters.addAll(List.of(values));
    return this;
  }

  /** The question as it is now. */
  Query query(Handle handle) {
    Query query = handle.createQuery(text.toString());
    int position = 0;
    for (Object each : parameters) {
      query.bind(position++, each);
    }
    return query;
  }
}
