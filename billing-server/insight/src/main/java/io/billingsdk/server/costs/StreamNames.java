package io.billingsdk.server.costs;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.StreamIds;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The streams of an answer, each asked for once. For one thread. */
final class StreamNames {
  private final Database database;
  private final Map<Integer, Optional<UUID>> known = new HashMap<>();

  StreamNames(Database database) {
    this.database = database;
  }

  /** The stream of an id; null when there is none. */
  @Nullable UUID of(int id) {
    return known
        .computeIfAbsent(id, asked -> database.read(handle -> StreamIds.stream(handle, asked)))
        .orElse(null);
  }
}
