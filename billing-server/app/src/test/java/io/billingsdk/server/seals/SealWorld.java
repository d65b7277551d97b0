package io.billingsdk.server.seals;

import io.billingsdk.seal.SealFinding;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.seals.LedgerVerification.VerifiedLedger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** A ledger with seals, whose clock a test sets. */
final class SealWorld implements AutoCloseable {
  static final Actor TESTER = new Actor("tester");
  static final LocalDate FIRST = LocalDate.of(2026, 1, 10);
  static final String STREAM = "00000000-0000-0000-0000-000000000001";

  private static final String ROWS =
      """
      INSERT INTO usage_event (occurred_at, received_at, stream_id, seq, app_id, key_id, key_sha256,
        module, model, usage, metadata, idempotency_key, quantities, subject, session, execution)
      SELECT timestamptz '2026-01-10 12:30:00.123456Z' + n * interval '1 second',
        timestamptz '2026-01-10 13:00:00Z', 1, n, CASE WHEN n %% 5 > 0 THEN 'a' END,
        CASE WHEN n %% 5 > 0 THEN 'k' END, CASE WHEN n %% 5 = 0 THEN '\\x00ff'::bytea END, 'llm',
        E'm\\n\\u00e9', n + 0.50, '{"b": 1.0, "a": [true, null]}', 'i' || n, '{"tokens": 7}', 's', 'x',
        'y'
      FROM generate_series(%1$d, %2$d) AS n;
      INSERT INTO correction (seq, corrects_stream_id, corrects_seq, occurred_at, app_id, usage,
        difference, reason, actor)
      SELECT n, 1, n, '2026-01-10 12:30:00Z', 'a', 2.00, -1.0, 'r', 't'
      FROM generate_series(%1$d, %2$d, 7) AS n;
      INSERT INTO attribution (stream_id, seq, app_id, reason)
      SELECT 1, n, 'a', 'r' FROM generate_series(%1$d, %2$d) AS n WHERE n %% 5 = 0;
      INSERT INTO usage_rollup_shard (hour, app_id, key_id, module, model, shard, events, usage)
      VALUES ('2026-01-10 12:00:00Z', E'a"\\n', 'k', 'llm', E'\\U0001F600', 0, 1, 1.50),
        ('2026-01-10 12:00:00Z', 'a', 'k', 'llm', E'\\uFFFD', 0, 1, 1.50);
      """;

  final World world;
  final Database database;
  final Path directory;
  private Instant now = FIRST.plusDays(1).atTime(1, 0).toInstant(ZoneOffset.UTC);

  /** Another one, whose first day is {@link #FIRST}. */
  SealWorld(Path directory) throws SQLException {
    this(Testbed.get().world(), directory);
    world.execute(
        "INSERT INTO app (app_id, name) VALUES ('a', 'A'); INSERT INTO stream (uuid, instance)"
            + " VALUES ('%s', 'g'); SELECT ensure_partition('2026-01-10 00:00:00Z')"
                .formatted(STREAM));
    world.execute("UPDATE ledger_seal_start SET day = '" + FIRST + "'");
  }

  /** Over a ledger that is there. */
  SealWorld(World world, Path directory) {
    this.world = world;
    this.database = world.database();
    this.directory = directory;
  }

  /** Adds events from a number to another one, with all that the sums stand on. */
  void add(int first, int last) throws SQLException {
    world.execute(ROWS.formatted(first, last));
  }

  /** Until that many days are over. */
  void pass(int days) {
    now = FIRST.plusDays(days).atTime(1, 0).toInstant(ZoneOffset.UTC);
  }

  void at(Instant time) {
    now = time;
  }

  SealFiles files() {
    return SealFiles.in(directory, null);
  }

  DaySealing sealing() {
    return sealing(files());
  }

  DaySealing sealing(SealFiles files) {
    SealKeys keys = SealKeys.of(files);
    SealFolder folder = new SealFolder(files.folder());
    folder.trust(keys.publicKey());
    return new DaySealing(database, () -> keys, folder, () -> now);
  }

  List<StoredSeal> seal() throws InterruptedException {
    DaySealing sealing = sealing();
    return sealing.seal(sealing.complete(), TESTER);
  }

  VerifiedLedger verify() {
    return verify(files().folder());
  }

  VerifiedLedger verify(Path folder) {
    return new LedgerVerification(new SealFolder(folder))
        .verify(database, Optional.empty(), Optional.empty());
  }

  /** The findings in short. */
  List<String> named() {
    return verify().findings().stream().map(SealWorld::text).toList();
  }

  static String text(SealFinding finding) {
    return finding.kind() + " " + String.join(" ", finding.rows());
  }

  /** As the owner of the tables, with all triggers off. */
  void tamper(String sql) throws SQLException {
    world.execute(
        "ALTER TABLE ledger_seal DISABLE TRIGGER ALL; "
            + sql
            + "; ALTER TABLE ledger_seal ENABLE TRIGGER ALL");
  }

  static String event(int seq) {
    return "usage_event/" + STREAM + "/" + seq;
  }

  static Duration grace() {
    return DaySealing.GRACE;
  }

  @Override
  public void close() {
    database.close();
  }
}
