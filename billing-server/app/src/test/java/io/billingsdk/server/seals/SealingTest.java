package io.billingsdk.server.seals;

import static io.billingsdk.server.seals.SealWorld.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When days are sealed, by whom, and what a server that was killed leaves. */
@Tag("postgres")
final class SealingTest {
  @TempDir private Path directory;

  private SealWorld world;
  private Path folder;

  @BeforeEach
  void open() throws SQLException {
    world = new SealWorld(directory);
    world.add(1, 9);
    folder = world.files().folder();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void day_isSealedOnceItIsOver_andPublishedWithEventAndEntry()
      throws SQLException, InterruptedException, IOException {
    world.at(FIRST.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
    assertThat(world.seal()).isEmpty();
    DaySealing sealing = world.sealing();
    assertThatThrownBy(() -> sealing.seal(FIRST, SealWorld.TESTER))
        .hasMessage("day must be a day of UTC that is over for ten minutes, at most 2026-01-09");
    world.pass(1);
    List<StoredSeal> made = world.seal();
    assertThat(made).hasSize(1);
    assertThat(world.seal()).isEmpty();
    StoredSeal seal = made.get(0);
    assertThat(Files.readString(folder.resolve("seals.txt")))
        .isEqualTo("2026-01-10 " + seal.seal().digest() + " " + seal.seal().signature() + "\n");
    assertThat(Files.readAllLines(folder.resolve("2026-01-10.rows")))
        .hasSize((int) seal.seal().rows());
    assertThat(
            world.world.count(
                "SELECT count(*) FROM outbox_event WHERE kind = 'ledger.day.sealed'"
                    + " AND payload ->> 'digest' = '"
                    + seal.seal().digest()
                    + "'"))
        .isEqualTo(1);
    assertThat(
            world.world.count(
                "SELECT count(*) FROM audit_log WHERE action = 'ledger.seal'"
                    + " AND subject = 'ledger/2026-01-10'"))
        .isEqualTo(1);
  }

  @Test
  void key_isOfItsOwnerAlone_andOutOfReachOfTheLogin() throws IOException {
    SealKeys keys = SealKeys.of(world.files());
    Path file = world.files().key();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(
            () ->
                world.database.read(
                    handle ->
                        handle
                            .createQuery("SELECT pg_read_file(:file)")
                            .bind("file", file.toString())
                            .mapTo(String.class)
                            .one()))
        .isInstanceOfSatisfying(
            DatabaseException.class, denied -> assertThat(denied.sqlState()).isEqualTo("42501"));
    assertThat(keys.toString()).isEqualTo("SealKeys[" + keys.id() + "]");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> SealKeys.of(world.files()))
        .isInstanceOf(InstallationException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void key_elsewhere_isMadeOnceAndUsed_andItsPublicOneMustFit() throws IOException {
    SealFiles files = SealFiles.in(directory, directory.resolve("elsewhere/key.pem"));
    assertThat(SealKeys.of(files).id()).isEqualTo(SealKeys.of(files).id());
    SealFiles others = SealFiles.in(directory, directory.resolve("others/key.pem"));
    var unused = SealKeys.of(others);
    Files.copy(
        others.publicKey(), files.publicKey(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> SealKeys.of(files)).hasMessageContaining("openssl pkey -in");
    Files.writeString(files.key(), "secret nonsense");
    assertThatThrownBy(() -> SealKeys.of(files))
        .hasMessageContaining("PEM of Ed25519")
        .hasMessageNotContaining("nonsense");
  }

  @Test
  void kill_betweenFileAndRow_orRowAndLine_leavesNothingHalfDone()
      throws SQLException, InterruptedException, IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("2026-01-10.rows"), "of an attempt\n");
    Files.writeString(folder.resolve(".2026-01-10.rows.new"), "half a li");
    assertThat(world.seal()).hasSize(1);
    assertThat(world.named()).isEmpty();
    String line = Files.readString(folder.resolve("seals.txt"));
    Files.delete(folder.resolve("seals.txt"));
    assertThat(world.seal()).isEmpty();
    assertThat(Files.readString(folder.resolve("seals.txt"))).isEqualTo(line);
    // Another server has sealed the day that this one had begun.
    Files.delete(folder.resolve("seals.txt"));
    Files.writeString(folder.resolve("2026-01-10.rows"), "of an attempt\n");
    assertThat(world.seal()).isEmpty();
    assertThat(folder.resolve("2026-01-10.rows")).doesNotExist();
    assertThat(world.named()).isEmpty();
  }

  @Test
  void servers_severalAtOnce_sealEachDayOnce() throws Exception {
    world.pass(5);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SealFiles files = new SealFiles(directory.resolve("server" + i), world.files().key());
        DaySealing server = world.sealing(files);
        all.add(
            threads.submit(
                () -> {
                  int sealed = 0;
                  while (server.isMine()
                      && world.world.count("SELECT count(*) FROM ledger_seal") < 5) {
                    sealed += attempt(server);
                  }
                  return sealed;
                }));
      }
      for (Future<Integer> each : all) {
        var unused = each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(world.world.count("SELECT count(*) FROM ledger_seal")).isEqualTo(5);
    assertThat(world.verify(directory.resolve("server0")).findings()).isEmpty();
    assertThat(world.verify(directory.resolve("server0")).days()).isEqualTo(5);
  }

  private static int attempt(DaySealing server) throws InterruptedException {
    try {
      return server.seal(FIRST.plusDays(4), SealWorld.TESTER).size();
    } catch (io.billingsdk.server.common.RequestRefusedException another) {
      return 0;
    }
  }

  @Test
  void server_withAnotherKey_sealsNothingAndSaysWhy() throws SQLException, InterruptedException {
    assertThat(world.seal()).hasSize(1);
    world.pass(2);
    SealFiles files = SealFiles.in(directory.resolve("another"), null);
    DaySealing another = world.sealing(files);
    assertThat(another.isMine()).isFalse();
    assertThatThrownBy(() -> another.seal(FIRST.plusDays(1), SealWorld.TESTER))
        .hasMessageContaining("--seal-key");
    assertThatThrownBy(() -> world.verify(files.folder()))
        .hasMessageContaining("no public key of the seals");
  }

  @Test
  void database_olderThanItsSeals_isNotSealedAndSaysWhy_andGoesOnOnceTheyAreMoved()
      throws SQLException, InterruptedException, IOException {
    world.pass(2);
    assertThat(world.seal()).hasSize(2);
    world.tamper("DELETE FROM ledger_seal WHERE day = '2026-01-11'");
    assertThatThrownBy(world::seal)
        .hasMessageContaining("seals.txt ends with 2026-01-11")
        .hasMessageContaining("the last seal of the database is 2026-01-10");
    Files.move(folder.resolve("seals.txt"), directory.resolve("kept.txt"));
    assertThat(world.seal()).extracting(each -> each.seal().day()).containsExactly(day(11));
    assertThat(world.named()).isEmpty();
    assertThat(Files.readAllLines(folder.resolve("seals.txt"))).hasSize(2);
  }

  private static LocalDate day(int day) {
    return LocalDate.of(2026, 1, day);
  }
}
