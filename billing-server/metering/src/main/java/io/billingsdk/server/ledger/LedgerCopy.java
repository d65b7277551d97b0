package io.billingsdk.server.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;

/** Adds events to the ledger. */
final class LedgerCopy {
  private static final String COPY =
      "COPY usage_event (occurred_at, stream_id, seq, app_id, key_id, key_sha256, module, model,"
          + " usage, metadata, idempotency_key, quantities, subject, session, execution, cut_no)"
          + " FROM STDIN (FORMAT binary)";
  private static final int COLUMNS = 16;

  private LedgerCopy() {}

  static void add(Connection connection, List<EventRow> events, long cutNo) throws SQLException {
    try (BinaryCopy copy = BinaryCopy.by(connection, COPY)) {
      for (EventRow each : events) {
        String sha256 = each.owner().sha256();
        copy.row(COLUMNS);
        copy.time(each.occurredMillis());
        copy.integer(each.streamId());
        copy.bigint(each.seq());
        copy.text(each.owner().app());
        copy.text(each.owner().keyId());
        copy.bytea(sha256 == null ? null : HexFormat.of().parseHex(sha256));
        copy.text(each.module());
        copy.text(each.model());
        copy.numeric(each.usage());
        copy.jsonb(each.metadata());
        copy.text(each.idempotencyKey());
        EventDetails details = each.details();
        copy.jsonb(details.quantitiesJson());
        copy.text(details.subject());
        copy.text(details.session());
        copy.text(details.execution());
        copy.bigint(cutNo);
      }
      copy.end();
    }
  }
}
