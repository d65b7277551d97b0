package io.billingsdk.server.seals;

import static io.billingsdk.server.seals.SealWorld.FIRST;
import static io.billingsdk.server.seals.SealWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.seal.SealFinding;
import io.billingsdk.seal.Witness;
import io.billingsdk.server.invoices.RestoredWorld;
import io.billingsdk.server.ledger.LedgerContents;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was changed since it was sealed is named, and nothing else. */
@Tag("postgres")
final class LedgerSealsTest {
  private static final String OTHER_SESSION =
      "SET LOCAL TIME ZONE 'Asia/Kathmandu'; SET LOCAL datestyle = 'ISO, DMY';"
          + " SET LOCAL bytea_output = 'escape'; SET LOCAL intervalstyle = 'iso_8601';"
          + " SET LOCAL lc_numeric = 'C'; SET LOCAL enable_seqscan = off";

  @TempDir private Path directory;

  private SealWorld world;

  @BeforeEach
  void seal() throws SQLException, InterruptedException {
    world = new SealWorld(directory);
    world.add(1, 30);
    assertThat(world.seal()).hasSize(1);
    world.add(31, 40);
    world.pass(2);
    assertThat(world.seal()).hasSize(1);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void rows_changedDeletedInsertedSwappedByTheOwner_areNamed() throws SQLException {
    assertThat(world.named()).isEmpty();
    world.world.execute("CREATE TABLE saved AS SELECT * FROM usage_event WHERE seq = 7");
    int named = 0;
    named +=
        names(
            "UPDATE usage_event SET usage = usage + 1 WHERE seq = 3",
            "UPDATE usage_event SET usage = usage - 1 WHERE seq = 3",
            "CHANGED " + event(3));
    named +=
        names(
            "DELETE FROM usage_event WHERE seq = 7",
            "INSERT INTO usage_event SELECT * FROM saved",
            "DELETED " + event(7));
    named +=
        names(
            "INSERT INTO usage_event (occurred_at, stream_id, seq, module, model, usage, cut_no)"
                + " VALUES ('2026-01-10 12:00:00Z', 1, 99, 'llm', 'm', 1, 1)",
            "DELETE FROM usage_event WHERE seq = 99",
            "INSERTED " + event(99));
    String swap =
        "UPDATE usage_event SET seq = CASE seq WHEN 2 THEN 11 ELSE 2 END WHERE seq IN (2, 11)";
    named += names(swap, swap, "SWAPPED " + event(11) + " " + event(2));
    Proof.of("ledger-verify").with("at", "server").with("tampered", 4).with("named", named).print();
    assertThat(named).isEqualTo(4);
  }

  @Test
  void whatElseSumsStandOn_changed_isNamed() throws SQLException {
    String correction = "correction/0/15";
    assertThat(
            names(
                "UPDATE correction SET difference = -2 WHERE seq = 15",
                "UPDATE correction SET difference = -1 WHERE seq = 15",
                "CHANGED " + correction))
        .isEqualTo(1);
    assertThat(
            names(
                "UPDATE attribution SET reason = 'x' WHERE seq = 5",
                "UPDATE attribution SET reason = 'r' WHERE seq = 5",
                "CHANGED attribution/" + SealWorld.STREAM + "/5"))
        .isEqualTo(1);
    assertThat(
            names(
                "UPDATE usage_rollup_shard SET usage = 9 WHERE app_id = 'a' AND cut_no = 1",
                "UPDATE usage_rollup_shard SET usage = 1.5 WHERE app_id = 'a' AND cut_no = 1",
                "CHANGED usage_rollup_shard/[\"2026-01-10T12:00:00.000000Z\", \"a\", \"k\","
                    + " \"llm\", \"\uFFFD\", 0, 1]"))
        .isEqualTo(1);
    assertThat(
            names(
                "UPDATE usage_event SET cut_no = 2 WHERE seq = 4",
                "UPDATE usage_event SET cut_no = 1 WHERE seq = 4",
                "DELETED " + event(4),
                "INSERTED " + event(4)))
        .isEqualTo(1);
  }

  /** 1 if exactly this is named, and nothing is when it is undone. */
  private int names(String tampering, String undo, String... expected) throws SQLException {
    world.tamper(tampering);
    List<String> named = world.named();
    world.tamper(undo);
    assertThat(named).containsExactly(expected);
    assertThat(world.named()).isEmpty();
    return 1;
  }

  @Test
  void dayReplacedTogetherWithItsDigest_byTheKeyItself_isNamedByTheWitness()
      throws SQLException, InterruptedException, IOException {
    String kept = Files.readString(world.files().folder().resolve("seals.txt"));
    world.tamper("DELETE FROM ledger_seal; UPDATE usage_event SET usage = 0 WHERE seq = 3");
    Path other = directory.resolve("other");
    DaySealing forger = world.sealing(new SealFiles(other, world.files().key()));
    Map<LocalDate, String> digests = new TreeMap<>();
    for (StoredSeal each : forger.seal(FIRST.plusDays(1), SealWorld.TESTER)) {
      digests.put(each.seal().day(), each.seal().digest());
    }
    assertThat(world.verify(other).findings()).isEmpty();
    List<SealFinding> found = Witness.parse(kept).compare(digests);
    Proof.of("ledger-verify")
        .with("at", "server")
        .with("replaced_days", 2)
        .with("named_by_witness", found.size())
        .print();
    assertThat(found)
        .extracting(SealFinding::sentence)
        .containsExactly(
            "2026-01-10: day replaced together with its seal.",
            "2026-01-11: day replaced together with its seal.");
    // What this server has published is a witness, too.
    assertThat(world.named()).contains("REPLACED ");
  }

  @Test
  void dumpAndRestore_vacuumFull_otherSessions_nameNothing() throws SQLException, IOException {
    int named = 0;
    try (SealWorld restored = new SealWorld(RestoredWorld.of(world.world), directory)) {
      named += restored.named().size();
      assertThat(restored.verify().rows()).isEqualTo(world.verify().rows()).isGreaterThan(50);
    }
    world.world.execute("VACUUM FULL");
    named += world.named().size();
    assertThat(contents(OTHER_SESSION)).isEqualTo(contents(""));
    // Planted: texts as the session has them. The comparison above must be able to fail.
    assertThat(plainTexts(OTHER_SESSION)).isNotEqualTo(plainTexts(""));
    Proof.of("ledger-verify")
        .with("at", "server")
        .with("dump_and_restore", 1)
        .with("vacuum_full", 1)
        .with("other_session", 1)
        .with("planted_found", 1)
        .with("named", named)
        .print();
    assertThat(named).isZero();
  }

  private List<String> plainTexts(String settings) {
    return world.database.inTransaction(
        handle -> {
          if (!settings.isEmpty()) {
            handle.createScript(settings).execute();
          }
          return handle
              .createQuery(
                  "SELECT concat(occurred_at, key_sha256) FROM usage_event ORDER BY stream_id, seq")
              .mapTo(String.class)
              .list();
        });
  }

  private List<String> contents(String settings) {
    return world.database.inTransaction(
        handle -> {
          if (!settings.isEmpty()) {
            handle.createScript(settings).execute();
          }
          List<String> rows = new ArrayList<>();
          LedgerContents.read(handle, -1, 9, (id, fields) -> rows.add(id + fields));
          return rows;
        });
  }

  @Test
  void seals_forgedDeletedOrMoved_areNamed() throws SQLException {
    world.tamper("CREATE TABLE kept AS SELECT * FROM ledger_seal");
    world.tamper("UPDATE ledger_seal SET digest = repeat('a', 64) WHERE day = '2026-01-11'");
    assertThat(world.named()).containsExactly("FORGED ", "UNNAMED ", "REPLACED ");
    world.tamper("DELETE FROM ledger_seal WHERE day = '2026-01-11'");
    assertThat(world.named()).containsExactly("MISSING ");
    world.tamper("INSERT INTO ledger_seal SELECT * FROM kept WHERE day = '2026-01-11'");
    assertThat(world.named()).isEmpty();
    world.tamper("DELETE FROM ledger_seal WHERE day = '2026-01-10'");
    assertThat(world.named()).contains("MISSING ", "UNCHAINED ");
    world.tamper("INSERT INTO ledger_seal SELECT * FROM kept WHERE day = '2026-01-10'");
    assertThat(world.named()).isEmpty();
  }

  @Test
  void entriesOfADay_lost_nameNoRowAndSayThatRowsDiffer() throws SQLException, IOException {
    Files.delete(world.files().folder().resolve("2026-01-10.rows"));
    assertThat(world.named()).isEmpty();
    world.tamper("UPDATE usage_event SET usage = 0 WHERE seq = 3");
    assertThat(world.named()).containsExactly("UNNAMED ");
    Files.writeString(world.files().folder().resolve("2026-01-10.rows"), "nonsense\n");
    assertThat(world.named()).containsExactly("UNNAMED ");
    world.tamper("UPDATE usage_event SET usage = 3.5 WHERE seq = 3");
    assertThat(world.named()).containsExactly("LIST ");
  }

  @Test
  void honestDays_nameNothing() throws SQLException, InterruptedException {
    int days = 30;
    int seq = 41;
    for (int i = 3; i < days; i++) {
      world.add(seq, seq + i % 4);
      seq += 5;
      world.pass(i);
      assertThat(world.seal()).hasSize(1);
    }
    world.pass(days + 10);
    assertThat(world.seal()).hasSize(11);
    int named = world.named().size();
    Proof.of("ledger-verify")
        .with("at", "server")
        .with("honest_days", world.verify().days())
        .with("named", named)
        .print();
    assertThat(named).isZero();
  }
}
