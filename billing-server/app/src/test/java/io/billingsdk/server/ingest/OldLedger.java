package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.Testbed.World;
import java.util.StringJoiner;

/**
 * Rows as an earlier server has left them, in the tables that it had, written by SQL: the present
 * server's code is what is tested. Of a stream the numbers 1 to 10 but for 4, which has not come,
 * and 5, which was dropped; two more events of a key that nobody knew, one of them attributed.
 */
final class OldLedger {
  static final int NUMBERS = 10;
  static final int STORED = 8;
  static final long MISSING = 4;
  static final long DROPPED = 5;
  static final String IDEMPOTENCY_KEY = "call-1";

  private OldLedger() {}

  /**
   * Fills one.
   *
   * @param producer keeps its events, as one whose receipts have not come
   */
  static void fill(World world, LightProducer producer) throws Exception {
    long now = System.currentTimeMillis();
    for (long seq = 1; seq <= NUMBERS; seq++) {
      if (seq != MISSING && seq != DROPPED) {
        producer.put(seq, 0.1, now, seq == 1 ? IDEMPOTENCY_KEY : null);
      }
    }
    world.execute(
        """
        INSERT INTO app (app_id, name) VALUES ('acme', 'Acme'), ('other', 'Other');
        INSERT INTO api_key (key_id, sha256, app_id, version) VALUES
          ('k_1', decode(repeat('01', 32), 'hex'), 'acme', 1),
          ('k_2', decode(repeat('02', 32), 'hex'), 'other', 2);
        UPDATE api_key SET status = 'blocked', reason = 'unpaid' WHERE key_id = 'k_2';
        UPDATE key_table SET version = 2;
        INSERT INTO key_change (version, key_id, what) VALUES (1, 'k_1', 'create'), (2, 'k_2', 'create');
        INSERT INTO stream (uuid, instance, highest_seq) VALUES ('%s', 'gateway-1', %d);
        INSERT INTO stream_gap VALUES (1, 4, 5);
        INSERT INTO stream_dropped (stream_id, numbers, said_by) VALUES (1, '{[5,6)}', 'gateway-1');
        INSERT INTO stream_hello (stream_id, sdk_version, last_seq, keys_version, accepted,
          delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)
        VALUES (1, '0.1', 10, 2, 10, 8, 1, 0, 1, 0, 4096, 0);
        INSERT INTO rejected_event (stream, seq, instance, code, detail, content)
        VALUES (NULL, 0, 'gateway-2', 'TOO_OLD', 'of 2001', '{}');
        INSERT INTO idempotency VALUES ('acme', '%s', 1, 1);
        SELECT ensure_partition(now());
        """
            .formatted(producer.stream(), NUMBERS, IDEMPOTENCY_KEY));
    StringJoiner identities = new StringJoiner(", ");
    for (ReceivedEvent each : producer.unreceipted()) {
      ReceivedEvent.Valid event = (ReceivedEvent.Valid) each;
      identities.add("(1, %d, '\\x%s'::bytea)".formatted(event.seq(), event.hash().hex()));
    }
    world.execute("INSERT INTO event_identity VALUES " + identities);
    world.execute(
        """
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage,
          idempotency_key)
        SELECT to_timestamp(%d / 1000.0), stream_id, seq, 'acme', 'k_1', 'llm', 'gpt-4', 0.1,
          CASE WHEN seq = 1 THEN '%s' END
        FROM event_identity;
        INSERT INTO stream (uuid, highest_seq) VALUES (gen_random_uuid(), 2);
        INSERT INTO event_identity
        SELECT 2, n, decode(repeat('0' || n, 16), 'hex') FROM generate_series(1, 2) AS n;
        INSERT INTO usage_event (occurred_at, stream_id, seq, key_id, module, model, usage)
        SELECT to_timestamp(%d / 1000.0), 2, n, 'k_lost', 'llm', 'gpt-4', 7
        FROM generate_series(1, 2) AS n;
        INSERT INTO attribution (stream_id, seq, app_id, reason) VALUES (2, 1, 'other', 'theirs');
        INSERT INTO usage_rollup_shard
        SELECT date_trunc('hour', occurred_at, 'UTC'), coalesce(app_id, ''), key_id, module, model,
          0, count(*), sum(usage) FROM usage_event_attributed GROUP BY 1, 2, 3, 4, 5;
        """
            .formatted(now, IDEMPOTENCY_KEY, now));
  }

  /** Adds a row at least to each table that {@link #fill} leaves empty, as version 54 has them. */
  static void fillTheRest(World world) throws Exception {
    world.execute(
        """
        INSERT INTO operator (name) VALUES ('ann');
        INSERT INTO access_token (token_id, sha256, operator, scope, expires_at)
        VALUES ('tabcdefghijkl', decode(repeat('03', 32), 'hex'), 'ann', 'write', now());
        INSERT INTO http_answer (token_id, idempotency_key, request, answer)
        VALUES ('tabcdefghijkl', 'once', '\\x01', '\\x02');
        INSERT INTO audit_log (actor, action, subject) VALUES ('ann', 'app.create', 'acme');
        INSERT INTO stream (stream_id, uuid) OVERRIDING SYSTEM VALUE VALUES (0, gen_random_uuid());
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model, usage)
        SELECT occurred_at, 0, 1, app_id, key_id, module, model, -0.05 FROM usage_event
        WHERE stream_id = 1 AND seq = 1;
        INSERT INTO correction (seq, corrects_stream_id, corrects_seq, occurred_at, app_id, usage,
          difference, reason, actor)
        SELECT 1, 1, 1, occurred_at, 'acme', 0.05, -0.05, 'wrong', 'ann' FROM usage_event
        WHERE stream_id = 0;
        INSERT INTO usage_rollup_shard
        SELECT date_trunc('hour', occurred_at, 'UTC'), app_id, key_id, module, model, -1, 0, usage
        FROM usage_event WHERE stream_id = 0;
        INSERT INTO conflicting_event (stream_id, seq, hash, content, app_id, idempotency_key)
        VALUES (1, 2, '\\x00', '{}', 'acme', 'call-2');
        INSERT INTO replay (rejected_id, outcome, amended, actor, offset_ms)
        SELECT id, 'stored', false, 'ann', 60000 FROM rejected_event;
        INSERT INTO held_event (rejected_id, occurred_at) SELECT id, now() FROM rejected_event;
        INSERT INTO refusal_count (sender, code, refused, kept) VALUES ('gateway-2', 'TOO_OLD', 1, 1);
        INSERT INTO stream_written_off (stream_id, numbers, parts, reason, actor)
        VALUES (1, '{[4,5)}', 1, 'lost', 'ann');
        INSERT INTO write_probe DEFAULT VALUES;
        """);
  }
}
