package io.billingsdk.cli.remote;

import static org.awaitility.Awaitility.await;

import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.Apps;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.NewKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole billing server on free ports, with an app, a key of it, and files with tokens. */
final class RemoteServer implements AutoCloseable {
  static final String APP = "acme";

  private final Path directory;
  private final BillingServer server;
  private final NewKey key;

  private RemoteServer(Path directory) throws SQLException {
    this.directory = directory;
    this.server = new BillingServer(ServerSettings.in(data()));
    server.start();
    await().atMost(Duration.ofSeconds(60)).until(server::isUp);
    try (Database database = database()) {
      var unused = new Apps(database, Actor.commandLine()).create(APP, "Acme");
      key =
          new KeyAdmin(database, null, Actor.commandLine())
              .create(APP, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
    tokenFile("read", Scope.READ, null);
    tokenFile("intake", Scope.INTAKE, null);
  }

  static RemoteServer start(Path directory) throws SQLException {
    return new RemoteServer(directory);
  }

  private Database database() {
    return Database.unpooled(BillingServer.runningDatabase(data()));
  }

  Path data() {
    return directory.resolve("data");
  }

  Path ca() {
    return BillingServer.brokerDirectory(data()).resolve("ca.pem");
  }

  int port() {
    return server.httpPort();
  }

  NewKey key() {
    return key;
  }

  /** The file with a token, read or intake. */
  Path token(String name) {
    return directory.resolve(name + ".token");
  }

  Path tokenFile(String name, Scope scope, @Nullable String app) {
    try (Database database = database()) {
      String token =
          new Tokens(database)
              .create(Actor.commandLine(), "admin", scope, app, Duration.ofHours(1))
              .text();
      return Files.writeString(token(name), token + "\n");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The command with the server and a token. */
  List<String> arguments(String token, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--data-dir", data().toString(), "--token-file", token(token).toString()));
    all.addAll(List.of(arguments));
    return all;
  }

  /** A statement, as the server: for what cannot be provoked from outside. */
  void execute(String sql) throws SQLException {
    try (Database database = database()) {
      var unused =
          database.call(
              connection -> {
                try (var statement = connection.createStatement()) {
                  return statement.execute(sql);
                }
              });
    }
  }

  /** The columns of the one row that a query finds, as texts. */
  String[] query(String sql) throws SQLException {
    try (Database database = database()) {
      return database.call(
          connection -> {
            try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
              row.next();
              String[] columns = new String[row.getMetaData().getColumnCount()];
              for (int i = 0; i < columns.length; i++) {
                columns[i] = row.getString(i + 1);
              }
              return columns;
            }
          });
    }
  }

  CommandRun usage(String... arguments) {
    return CommandRun.of(arguments("read", "usage", arguments).toArray(new String[0]));
  }

  CommandRun send(String... arguments) {
    return CommandRun.of(arguments("intake", "send", arguments).toArray(new String[0]));
  }

  @Override
  public void close() {
    server.close();
  }
}
