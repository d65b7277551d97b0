package io.billingsdk.server.database;

import io.billingsdk.server.ServerException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of our own: a process on 127.0.0.1 with its data under a directory, which stays when
 * the server stops. Passwords are made on the first start; nobody without one gets in.
 *
 * <p>A server that was killed leaves its PostgreSQL running: the next start ends it first. For one
 * thread.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String OWNER = "postgres";
  private static final String SERVER = "billing_app";
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private final Path directory;
  private final int port;
  private final Secrets secrets;
  private @Nullable EmbeddedPostgres running;

  /**
   * A database under a directory; nothing happens yet.
   *
   * @param port 0 for any free one
   */
  public EmbeddedDatabase(Path directory, int port) {
    this.directory = directory;
    this.port = port;
    this.secrets = new Secrets(directory.resolve("secrets"));
  }

  /** Why it cannot run on this machine, in one line; empty when nothing is known against it. */
  public static Optional<String> whyNotHere() {
    return PostgresHere.whyNot();
  }

  /** Ends what a killed process has left running under a directory, if it did. */
  public static void endLeftBehind(Path directory) throws IOException {
    LeftBehind.end(directory.resolve("data"));
  }

  /** Starts it, and makes it on the first start. Returns when it answers. */
  public void start() {
    whyNotHere()
        .ifPresent(
            why -> {
              throw new ServerException(
                  why
                      + ". A PostgreSQL of yours is used with --database"
                      + " jdbc:postgresql://host:port/name");
            });
    try {
      Files.createDirectories(directory);
      endLeftBehind(directory);
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(data())
              .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
              .setCleanDataDirectory(false)
              // The server stops it itself, after its own last transaction.
              .setRegisterShutdownHook(false)
              .setPGStartupWait(START_TIMEOUT)
              .setConnectConfig("password", secrets.of("owner"))
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("max_connections", "50")
              .setServerConfig("fsync", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("synchronous_commit", "on")
              .setOutputRedirector(log())
              .setErrorRedirector(log());
      running = (port == 0 ? builder : builder.setPort(port)).start();
      secure();
    } catch (IOException | SQLException failed) {
      close();
      throw new ServerException(
          "PostgreSQL cannot be started under "
              + directory
              + " (see postgresql.log there): "
              + failed.getMessage(),
          failed);
    }
  }

  /**
   * The owner of the database that runs under a directory.
   *
   * @throws ServerException when none was started there
   */
  static DatabaseAddress runningOwner(Path directory) {
    Path port = directory.resolve("port");
    if (!Files.exists(port)) {
      throw new ServerException("there is no running database of its own in " + directory);
    }
    try {
      return new DatabaseAddress(
          "jdbc:postgresql://127.0.0.1:" + Files.readString(port).trim() + "/postgres",
          OWNER,
          new Secrets(directory.resolve("secrets")).of("owner"));
    } catch (IOException failed) {
      throw new ServerException("cannot read " + port, failed);
    }
  }

  /** For migrations. */
  public DatabaseAddress owner() {
    return new DatabaseAddress(url("postgres"), OWNER, secrets.of("owner"));
  }

  /** For the server's own work. */
  public DatabaseAddress server() {
    return new DatabaseAddress(url("postgres"), SERVER, secrets.of("server"));
  }

  /** The port, once started. */
  public int port() {
    return started().getPort();
  }

  /** Stops it: sessions are ended, what was committed is on the disk. */
  @Override
  public void close() {
    EmbeddedPostgres stopping = running;
    running = null;
    if (stopping == null) {
      return;
    }
    try {
      stopping.close();
    } catch (IOException failed) {
      throw new ServerException("PostgreSQL did not stop: " + failed.getMessage(), failed);
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private ProcessBuilder.Redirect log() {
    return ProcessBuilder.Redirect.appendTo(directory.resolve("postgresql.log").toFile());
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  private EmbeddedPostgres started() {
    if (running == null) {
      throw new IllegalStateException("PostgreSQL is not started");
    }
    return running;
  }

  /** initdb lets every local user in as anybody: passwords are set, then asked for. */
  private void secure() throws IOException, SQLException {
    Properties login = new Properties();
    login.setProperty("user", OWNER);
    login.setProperty("password", secrets.of("owner"));
    try (Connection connection = DriverManager.getConnection(url("postgres"), login);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + OWNER + " PASSWORD '" + secrets.of("owner") + "'");
      statement.execute(
          "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'billing_server') THEN"
              + " CREATE ROLE billing_server NOLOGIN; END IF; IF NOT EXISTS (SELECT FROM pg_roles"
              + " WHERE rolname = 'billing_app') THEN CREATE ROLE billing_app LOGIN NOINHERIT IN"
              + " ROLE billing_server; END IF; END $$");
      statement.execute("ALTER ROLE " + SERVER + " PASSWORD '" + secrets.of("server") + "'");
      Files.writeString(
          data().resolve("pg_hba.conf"),
          "host all all 127.0.0.1/32 scram-sha-256\n",
          StandardCharsets.UTF_8);
      statement.execute("SELECT pg_reload_conf()");
    }
  }
}
