package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.protocol.V2Codec;
import io.billingsdk.protocol.V2Event;
import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that was copied, as from a backup or with its virtual machine, and started twice. */
final class JournalClonedTest {
  private static final String PROOF = "journal-cloned-e2e";

  @TempDir Path directory;

  @Test
  void clonedJournal_startedTwice_losesAndDoublesNothing() throws Exception {
    World.require(PROOF);
    MosquittoTestBroker mosquitto = MosquittoTestBroker.in(directory.resolve("broker"));
    try (World world = World.withServer(directory, mosquitto, Size.RATE)) {
      world.awaitAttempted(200);
      // What is reported from now on is still in the journal when it is copied.
      world.broker().kill();
      world.awaitAttempted(600);
      world.services().kill9();
      long undelivered = world.services().left();
      Path copy = directory.resolve("journal-copy");
      copy(directory.resolve("journal"), copy);
      world.broker().start();
      try (Services clone = world.others(copy, "clone", Size.RATE)) {
        world.services().restart();
        clone.restart();
        world.awaitAttempted(1_000);
        world.services().drain();
        clone.drain();
        Verdict verdict = world.verdictOfDrained();

        verdict
            .to(Size.proof(PROOF).with("collector", world.backend().text()))
            .with("undelivered_when_copied", undelivered)
            .with("journals_left", world.services().left() + clone.left())
            .print();
        assertThat(undelivered).isPositive();
        assertThat(verdict.holds()).isTrue();
        assertThat(world.services().left() + clone.left()).isZero();
      }
    }
  }

  /** What two clones would do that gave one number to two events. */
  @Test
  void sameIdentityWithOtherContent_isKeptAndNotCounted() throws Exception {
    World.require(PROOF);
    MosquittoTestBroker mosquitto = MosquittoTestBroker.in(directory.resolve("broker"));
    try (World world = World.withServer(directory, mosquitto, Size.RATE);
        WireSpy forger = WireSpy.on(mosquitto, Role.SDK, "billing/v2/forger/receipts")) {
      world.awaitAttempted(50);
      assertThat(world.verdict().holds()).isTrue();
      try (Connection database = world.connect()) {
        UUID stream = UUID.fromString(text(database, "SELECT uuid FROM stream LIMIT 1"));
        forger.publish("billing/v2/forger/usage", forged(stream, secret(stream)));
        SpiedMessage answer = forger.await(messages -> !messages.isEmpty(), Child.PATIENCE).get(0);

        Receipt receipt = Receipt.decode(answer.payload());
        String kept = text(database, "SELECT count(*) FROM conflicting_event");
        String alarm = ((Servers) world.backend()).awaitAlarm();
        Verdict after = world.verdictOfDrained();
        Size.proof(PROOF)
            .with("conflicting_kept", kept)
            .with("alarm", !alarm.isEmpty())
            .with("receipt", receipt.rejected().get(0).code())
            .with("ledger_changed", !after.holds())
            .print();
        assertThat(receipt.rejected()).containsExactly(new Receipt.Rejection(1, "CONFLICT", false));
        assertThat(alarm).contains(stream + "/1 from forger");
        assertThat(kept).isEqualTo("1");
        assertThat(after.holds()).isTrue();
      }
    }
  }

  /** That of the journal, which every copy of it has. */
  private StreamSecret secret(UUID stream) throws Exception {
    String hex = Files.readString(directory.resolve("journal").resolve("secret")).trim();
    return StreamSecret.of(HexFormat.of().parseHex(hex), stream);
  }

  private static byte[] forged(UUID stream, StreamSecret secret) throws Exception {
    V2Event event =
        new V2Event(
            new KeyRef.RawKey("forged"), "llm", "gpt-4", 7, System.currentTimeMillis(), null, null);
    BatchWriter batch =
        new BatchWriter(stream, secret, System.currentTimeMillis(), Bounds.BATCH_BYTES);
    assertThat(batch.add(1, V2Codec.encode(event).orElseThrow())).isTrue();
    return batch.toBytes();
  }

  private static String text(Connection database, String query) throws Exception {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    Process process =
        new ProcessBuilder(List.of("cp", "-a", from.toString(), to.toString())).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }
}
