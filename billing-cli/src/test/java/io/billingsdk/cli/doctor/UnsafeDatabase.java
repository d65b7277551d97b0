package io.billingsdk.cli.doctor;

import io.billingsdk.server.ServerSchema;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL with the two logins of docs/server.md and fsync off. */
final class UnsafeDatabase implements AutoCloseable {
  private final EmbeddedPostgres postgres;

  private UnsafeDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  static UnsafeDatabase in(Path directory) throws IOException, SQLException {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("unsafe"))
            .setOverrideWorkingDirectory(directory.resolve("unsafe-binaries").toFile())
            .setServerConfig("fsync", "off")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE billing_server NOLOGIN");
      statement.execute("CREATE ROLE billing_owner LOGIN PASSWORD 'owner-password'");
      statement.execute(
          "CREATE ROLE billing LOGIN NOINHERIT PASSWORD 'app-password' IN ROLE billing_server");
      statement.execute("CREATE DATABASE billing OWNER billing_owner");
    }
    UnsafeDatabase made = new UnsafeDatabase(postgres);
    Database.migrate(made.as("billing_owner", "owner-password"), ServerSchema.migrations());
    return made;
  }

  DatabaseAddress address() {
    return as("billing", "app-password");
  }

  private DatabaseAddress as(String user, String password) {
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/billing", user, password);
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
