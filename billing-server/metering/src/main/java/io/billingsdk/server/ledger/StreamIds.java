package io.billingsdk.server.ledger;

import io.billingsdk.server.db.ResultRow;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The short ids that the ledger has for streams, for features that keep rows of events. */
public final class StreamIds {
  private StreamIds() {}

  /** The id of a stream; empty when nothing has come of it. */
  public static Optional<Integer> id(Handle handle, UUID stream) {
    return handle
        .createQuery("SELECT stream_id FROM stream WHERE uuid = :uuid")
        .bind("uuid", stream)
        .map(ResultRow.to(row -> row.integer("stream_id")))
        .findOne();
  }

  /** The stream of an id; empty when there is none. */
  public static Optional<UUID> stream(Handle handle, int id) {
    return handle
        .createQuery("SELECT uuid FROM stream WHERE stream_id = :id")
        .bind("id", id)
        .map(ResultRow.to(row -> row.uuid("uuid")))
        .findOne();
  }
}
