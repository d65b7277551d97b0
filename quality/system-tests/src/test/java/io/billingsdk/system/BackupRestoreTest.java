package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.cli.BillingCommandLine;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.Proof;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup that is taken while a service reports, and restored elsewhere after the server was
 * killed: the service delivers all that had no receipt, and nothing is counted twice. What was
 * receipted after the backup is named as missing, number by number; a service that retains what was
 * delivered delivers that, too, and nothing is missing.
 */
@Timeout(600)
class BackupRestoreTest {
  private static final String SEQS = "SELECT seq FROM usage_event";
  private static final int EVENTS = 500;
  private static final int RATE = 250;

  @TempDir Path directory = Path.of("");

  private final AtomicLong accepted = new AtomicLong();

  @Test
  void backup_underLoad_restoredElsewhere_nothingTwiceAndWhatIsMissingNamed() throws Exception {
    backupKillRestore(/* retain= */ false);
  }

  @Test
  void backup_underLoad_restoredElsewhere_servicesThatRetainDeliverWhatIsMissing()
      throws Exception {
    backupKillRestore(/* retain= */ true);
  }

  private void backupKillRestore(boolean retain) throws Exception {
    int port = FreePort.find();
    Path first = directory.resolve("first");
    Path backup = directory.resolve("backup");
    Path second = directory.resolve("second");
    WholeServer server = WholeServer.start(first, port);
    try (Child service = service(server, port, retain)) {
      awaitStored(server, EVENTS);
      long begun = System.nanoTime();
      run("backup", backup.toString(), "--data-dir", first.toString());
      long millis = (System.nanoTime() - begun) / 1_000_000;
      long atBackup = server.count("SELECT count(*) FROM usage_event");
      awaitStored(server, atBackup + EVENTS);
      server.kill9();
      EmbeddedDatabase.endLeftBehind(BillingServer.databaseDirectory(first));
      Set<Long> stored = storedBefore(first);
      long whileAway = accepted.get() + EVENTS;
      await().atMost(Child.PATIENCE).until(() -> accepted.get() >= whileAway);

      run("restore", backup.toString(), "--data-dir", second.toString());
      try (WholeServer restored = WholeServer.start(second, port)) {
        service.tell("FINISH");
        service.await("DRAINED");
        judge(restored, second, retain, stored, atBackup, millis);
      }
    }
  }

  private void judge(
      WholeServer restored,
      Path data,
      boolean retain,
      Set<Long> storedBefore,
      long atBackup,
      long millis)
      throws Exception {
    List<Long> ledger = seqs(restored.connect());
    Set<Long> once = new HashSet<>(ledger);
    Set<Long> absent = new TreeSet<>();
    LongStream.rangeClosed(1, accepted.get())
        .filter(seq -> !once.contains(seq))
        .forEach(absent::add);
    Set<Long> named = await().until(() -> missing(data), seqs -> seqs.equals(absent));

    assertThat(ledger).doesNotHaveDuplicates();
    assertThat(storedBefore).as("receipted after the backup").hasSizeGreaterThan((int) atBackup);
    if (retain) {
      assertThat(absent).isEmpty();
    } else {
      assertThat(absent).isNotEmpty().isSubsetOf(storedBefore);
    }
    assertThat(named).isEqualTo(absent);
    long deliveredAgain = once.stream().filter(storedBefore::contains).count() - atBackup;
    long delivered = once.stream().filter(seq -> !storedBefore.contains(seq)).count();
    assertThat(delivered).isPositive();
    assertThat(
            BillingCommandLine.create("billing")
                .setOut(new PrintWriter(new StringWriter()))
                .execute("streams", "--data-dir", data.toString()))
        .isEqualTo(retain ? 0 : 1);
    Proof.of("backup-restore")
        .with("retained", retain)
        .with("accepted", accepted)
        .with("backup_ms", millis)
        .with("stored_at_backup", atBackup)
        .with("stored_at_kill", storedBefore.size())
        .with("delivered_after_restore", delivered)
        .with("brought_back", Math.max(0, deliveredAgain))
        .with("ledger", once.size())
        .with("double", ledger.size() - once.size())
        .with("missing", absent.size())
        .with("named_by_streams", named.size())
        .with(
            "lost_without_a_receipt",
            absent.stream().filter(s -> !storedBefore.contains(s)).count())
        .print();
  }

  private Child service(WholeServer server, int port, boolean retain) {
    server.operator().createApp("acme");
    String key = server.operator().createKey("acme").text();
    Child service =
        Child.java(
            Path.of("target", "system-logs"),
            "backed-up-service",
            ServiceChild.class,
            line -> {
              if (line.startsWith("ACC ") || line.startsWith("DUR ")) {
                accepted.incrementAndGet();
              }
            },
            "host=localhost",
            "port=" + port,
            "ca=" + server.authority(),
            "user=gateway-1",
            "password=" + server.passwordOf("gateway-1"),
            "journal=" + directory.resolve("journal"),
            "client=gateway-1",
            "key=" + key,
            "first=1",
            "retain=" + (retain ? 60 : 0),
            "rate=" + RATE);
    service.await("STARTED");
    return service;
  }

  private static void awaitStored(WholeServer server, long events) {
    await()
        .atMost(Child.PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> server.count("SELECT count(*) FROM usage_event") >= events);
  }

  /** What the first server had stored when it was killed: its database, started once more. */
  private static Set<Long> storedBefore(Path data) throws SQLException {
    try (EmbeddedDatabase database =
        new EmbeddedDatabase(BillingServer.databaseDirectory(data), 0)) {
      database.start();
      DatabaseAddress owner = database.owner();
      return new HashSet<>(
          seqs(DriverManager.getConnection(owner.url(), owner.user(), owner.password())));
    }
  }

  private static List<Long> seqs(Connection opened) throws SQLException {
    try (Connection connection = opened;
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SEQS)) {
      List<Long> seqs = new ArrayList<>();
      while (row.next()) {
        seqs.add(row.getLong(1));
      }
      return seqs;
    }
  }

  private static Set<Long> missing(Path data) throws SQLException {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(data))) {
      Set<Long> missing = new TreeSet<>();
      for (StreamState stream : new Streams(database).all()) {
        for (SeqRange gap : stream.gaps()) {
          LongStream.rangeClosed(gap.first(), gap.last()).forEach(missing::add);
        }
      }
      return missing;
    }
  }

  private static void run(String... arguments) {
    StringWriter said = new StringWriter();
    int code =
        BillingCommandLine.create("billing")
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(arguments);
    assertThat(code).as("%s", said).isZero();
  }
}
