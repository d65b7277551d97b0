package io.billingsdk.server.collect;

import io.billingsdk.protocol.ReceivedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;

/** Adds events to the ledger. */
final class LedgerCopy {
  private static final String TARGET =
      "usage_event (occurred_at, stream_id, seq, app_id, key_id, key_sha256, module, model, usage,"
          + " metadata, idempotency_key)";
  private static final int COLUMNS = 11;

  private LedgerCopy() {}

  static void add(Connection connection, List<Candidate> events, KeyOwners owners)
      throws SQLException {
    try (BinaryCopy copy = BinaryCopy.into(connection, TARGET)) {
      for (Candidate each : events) {
        KeyOwners.Owner owner = owners.of(each);
        ReceivedEvent.Valid event = each.event();
        copy.row(COLUMNS);
        copy.time(event.timestampMillis());
        copy.integer(each.streamId());
        copy.bigint(each.seq());
        copy.text(owner.app());
        copy.text(owner.keyId());
        copy.bytea(owner.sha256() == null ? null : HexFormat.of().parseHex(owner.sha256()));
        copy.text(event.module());
        copy.text(event.model());
        copy.numeric(event.usage());
        copy.jsonb(event.metadata());
        copy.text(event.idempotencyKey());
      }
      copy.end();
    }
  }
}
