package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ledger seal, seals and verify at a whole server. */
@Tag("postgres")
@Timeout(180)
class SealCommandsTest {
  @TempDir Path directory;

  @Test
  void verify_ofAChangedRow_namesItAndExitsWith3_andAWitnessNamesAReplacedDay()
      throws SQLException, IOException {
    try (RemoteServer server = RemoteServer.start(directory)) {
      server.tokenFile("write", Scope.WRITE, null);
      sealTwoDays(server);
      assertThat(run(server, "ledger seals", "--csv").out().lines()).hasSizeGreaterThan(2);
      Path witness = server.data().resolve("seals/seals.txt");
      Path kept = Files.copy(witness, directory.resolve("witness.txt"));
      CommandRun honest = run(server, "ledger verify", "--witness", kept.toString());
      assertThat(honest.out()).contains(" days with ").contains("all is as it was sealed");
      assertThat(honest.exitCode()).isZero();
      owner(server, "UPDATE usage_event SET usage = 4 WHERE seq = 7");
      CommandRun changed = run(server, "ledger verify");
      assertThat(changed.out())
          .contains(": row changed: usage_event/6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11/7.")
          .contains(": 1 finding");
      assertThat(changed.exitCode()).isEqualTo(3);
      owner(server, "UPDATE usage_event SET usage = 5 WHERE seq = 7");
      String lines = Files.readString(kept);
      Files.writeString(kept, lines.replaceFirst(" [0-9a-f]{64} ", " " + "a".repeat(64) + " "));
      CommandRun replaced = run(server, "ledger verify", "--witness", kept.toString());
      assertThat(replaced.out()).contains(": day replaced together with its seal.");
      assertThat(replaced.exitCode()).isEqualTo(3);
      Files.writeString(kept, "no line of a witness\n");
      CommandRun malformed = run(server, "ledger verify", "--witness", kept.toString());
      assertThat(malformed.err()).contains("--witness: line 1 must be a day");
      assertThat(malformed.exitCode()).isEqualTo(3);
      CommandRun tooEarly = run(server, "ledger seal", "--day", "2999-01-01");
      assertThat(tooEarly.err()).contains("a day of UTC that is over for ten minutes");
    }
  }

  @Test
  void restore_ofABackup_hasKeyAndSeals_andGoesOnWithTheChain() throws SQLException {
    Path backup = directory.resolve("backup");
    Path second = directory.resolve("second");
    List<String> access;
    try (RemoteServer server = RemoteServer.start(directory)) {
      server.tokenFile("write", Scope.WRITE, null);
      sealTwoDays(server);
      assertThat(
              CommandRun.of("backup", backup.toString(), "--data-dir", server.data().toString())
                  .exitCode())
          .isZero();
      access = List.of("--token-file", server.token("write").toString());
    }
    assertThat(
            CommandRun.of("restore", backup.toString(), "--data-dir", second.toString()).exitCode())
        .isZero();
    try (BillingServer restored = new BillingServer(ServerSettings.in(second))) {
      restored.start();
      for (String command : List.of("ledger seal", "ledger verify")) {
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        words.addAll(List.of("--data-dir", second.toString()));
        words.addAll(access);
        CommandRun run = CommandRun.of(words.toArray(new String[0]));
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
      }
      assertThat(second.resolve("seals/seals.txt")).content().isNotEmpty();
    }
  }

  /** The job of the server may be at it just now. */
  private static void sealTwoDays(RemoteServer server) throws SQLException {
    owner(
        server,
        """
        INSERT INTO stream (uuid, instance) VALUES
          ('6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11', 'gateway-1');
        SELECT ensure_partition(now());
        INSERT INTO usage_event (occurred_at, stream_id, seq, module, model, usage)
        SELECT now(), stream_id, 7, 'llm', 'm', 5 FROM stream WHERE instance = 'gateway-1';
        UPDATE ledger_seal_start SET day = day - 3
        """);
    await().atMost(Duration.ofSeconds(60)).until(() -> run(server, "ledger seal").exitCode() == 0);
  }

  private static CommandRun run(RemoteServer server, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
    all.addAll(server.arguments("write", "x", arguments).stream().skip(1).toList());
    return CommandRun.of(all.toArray(new String[0]));
  }

  private static void owner(RemoteServer server, String sql) throws SQLException {
    DatabaseAddress address = BillingServer.runningDatabase(server.data());
    Path secrets = BillingServer.databaseDirectory(server.data()).resolve("secrets");
    try (Connection connection =
            DriverManager.getConnection(
                address.url(), "postgres", new Secrets(secrets).of("owner"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
