package io.billingsdk.server.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.billingsdk.server.common.InstallationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database as the server uses it: connections in the role {@value #ROLE}, which may add to the
 * ledger and read it, but neither change nor delete what is there.
 *
 * <p>A connection is asked for again and again while the database is away; none of it is fatal.
 * Thread-safe.
 */
public final class Database implements AutoCloseable {
  /** The role that the server works in. */
  public static final String ROLE = "billing_server";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 12;

  // Compiling a statement (jit) takes longer than all but the longest of ours take.
  private static final String NO_PATIENCE = "-c timezone=UTC -c jit=off";

  /** A question of a person that takes longer is one that holds up the others. */
  private static final String PATIENCE = NO_PATIENCE + " -c statement_timeout=15s";

  private static final String PROBING =
      NO_PATIENCE + " -c statement_timeout=3s -c lock_timeout=2s -c client_min_messages=error";

  private final DataSource source;
  private final Jdbi jdbi;

  /** Of the transaction that this works in; null when each work has its own. */
  private final @Nullable Handle joined;

  private Database(DataSource source) {
    this(source, JdbiSetup.over(source), null);
  }

  private Database(DataSource source, Jdbi jdbi, @Nullable Handle joined) {
    this.source = source;
    this.jdbi = jdbi;
    this.joined = joined;
  }

  /** A database to be asked; nothing is connected yet. */
  public static Database at(DatabaseAddress address) {
    return pooled(address, "billing-database", NO_PATIENCE, CONNECTIONS);
  }

  /**
   * The same for requests of people: connections of their own, so that they never take one from the
   * collector, and statements that end after 15 seconds.
   */
  public static Database forRequests(DatabaseAddress address) {
    return pooled(address, "billing-requests", PATIENCE, CONNECTIONS);
  }

  /**
   * One connection of its own, whose statements end after seconds: it looks how the others fare.
   */
  static Database forProbes(DatabaseAddress address) {
    return pooled(address, "billing-probe", PROBING, 1);
  }

  private static Database pooled(DatabaseAddress address, String name, String options, int most) {
    SessionZone.settle();
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(address.url());
    config.setUsername(address.user());
    config.setPassword(address.password());
    config.setMaximumPoolSize(most);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    // Started before the database is a state to live through, not to die of.
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql("SET ROLE " + ROLE);
    config.addDataSourceProperty("ApplicationName", "billing-server");
    // A half-open connection would otherwise hold a transaction, and its batch, for ever.
    config.addDataSourceProperty("socketTimeout", "60");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("options", options);
    return new Database(new HikariDataSource(config));
  }

  /**
   * A database for a command: each connection is opened when it is asked for, and a failure is
   * reported at once, in the words of the driver.
   */
  public static Database unpooled(DatabaseAddress address) {
    SessionZone.settle();
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(address.url());
    source.setUser(address.user());
    source.setPassword(address.password());
    source.setApplicationName("billing");
    source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
    source.setOptions("-c timezone=UTC -c role=" + ROLE);
    return new Database(source);
  }

  /**
   * The same within a transaction that is the caller's: its statements happen together with the
   * rest of that transaction, or not at all. It is good for as long as the handle is the caller's,
   * and as little thread-safe.
   */
  public Database within(Handle handle) {
    return new Database(source, jdbi, handle);
  }

  /**
   * Brings the tables to this version's form, as their owner; safe from several processes at once.
   *
   * @param folders of features on the class path, beside the folder of the first versions
   * @throws InstallationException when the database cannot be reached, or was made by a newer
   *     version
   */
  public static void migrate(DatabaseAddress owner, Collection<String> folders) {
    Migrations.run(owner, folders);
  }

  /**
   * Refuses a login of the server that can change the ledger.
   *
   * @param appendOnly tables that it may add to and read, and no more
   * @throws InstallationException naming everything that it can do and must not
   */
  public static void requireSafeLogin(DatabaseAddress server, Collection<String> appendOnly) {
    LoginChecks.run(server, appendOnly);
  }

  /**
   * Refuses a database that cannot keep the promise: one whose COMMIT is no commit, whose
   * identities are not unique, or that would let the server change the ledger.
   *
   * @throws InstallationException naming everything that is wrong and what is expected
   */
  public void requireSafe() {
    StartupChecks.run(this);
  }

  /** Work on a connection, by statements of the driver. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T on(Connection connection) throws SQLException;
  }

  /**
   * What the connections are doing.
   *
   * @param active that are in use
   * @param idle that wait for use
   * @param wanted threads that wait for one
   */
  public record Pool(int active, int idle, int wanted) {}

  /** What its connections are doing; of one without a pool nothing. */
  public Pool pool() {
    if (source instanceof HikariDataSource hikari && hikari.getHikariPoolMXBean() != null) {
      HikariPoolMXBean pool = hikari.getHikariPoolMXBean();
      return new Pool(
          pool.getActiveConnections(),
          pool.getIdleConnections(),
          pool.getThreadsAwaitingConnection());
    }
    return new Pool(0, 0, 0);
  }

  /** A connection of the pool; the caller closes it. */
  public Connection connection() throws SQLException {
    if (joined != null) {
      throw new IllegalStateException("a connection of the pool would not be in the transaction");
    }
    return source.getConnection();
  }

  /** Ends a connection of the pool instead of giving it back; its {@code close} may follow. */
  void evict(Connection connection) throws SQLException {
    if (source instanceof HikariDataSource pool) {
      pool.evictConnection(connection);
    } else {
      connection.abort(Runnable::run);
    }
  }

  /** Where connections come from. */
  public DataSource source() {
    return source;
  }

  /** Runs one statement of the driver or several that need no transaction. */
  public <T> T call(Work<T> work) throws SQLException {
    if (joined != null) {
      return work.on(joined.getConnection());
    }
    try (Connection connection = connection()) {
      return work.on(connection);
    }
  }

  /**
   * Runs one statement or several that need no transaction.
   *
   * @throws DatabaseException when the database refuses or is away
   */
  public <T> T read(Function<Handle, T> work) {
    if (joined != null) {
      return on(joined, work);
    }
    try (Handle handle = jdbi.open()) {
      return work.apply(handle);
    } catch (JdbiException failed) {
      throw JdbiSetup.translated(failed);
    }
  }

  /**
   * Runs work in a transaction: all of it happened, or none. Within the caller's transaction it is
   * a part of that one.
   *
   * @throws DatabaseException when the database refuses or is away
   */
  public <T> T inTransaction(Function<Handle, T> work) {
    if (joined != null) {
      return on(joined, work);
    }
    try (Handle handle = jdbi.open()) {
      return handle.inTransaction(work::apply);
    } catch (JdbiException failed) {
      throw JdbiSetup.translated(failed);
    }
  }

  /** Work in a transaction; statements of the driver do a part of it. */
  @FunctionalInterface
  public interface RawWork<T> {
    /** Does it; both are of one transaction. */
    T on(Handle handle, Connection connection) throws SQLException;
  }

  /**
   * As {@link #inTransaction(Function)}, for work whose hand-tuned part needs the driver.
   *
   * @throws DatabaseException when the database refuses or is away
   */
  public <T> T inTransaction(RawWork<T> work) {
    return inTransaction(handle -> raw(handle, connection -> work.on(handle, connection)));
  }

  /** As {@link #inTransaction(Function)}, of work that has no result. */
  public void useTransaction(Consumer<Handle> work) {
    Function<Handle, Boolean> done =
        handle -> {
          work.accept(handle);
          return true;
        };
    var unused = inTransaction(done);
  }

  private static <T> T on(Handle handle, Function<Handle, T> work) {
    try {
      return work.apply(handle);
    } catch (JdbiException failed) {
      throw JdbiSetup.translated(failed);
    }
  }

  /**
   * Runs statements of the driver in the transaction of a handle.
   *
   * @throws DatabaseException when the database refuses or is away
   */
  public static <T> T raw(Handle handle, Work<T> work) {
    try {
      return work.on(handle.getConnection());
    } catch (SQLException failed) {
      throw new DatabaseException(failed);
    }
  }

  /**
   * Runs statements on a connection of the caller's, which stays open.
   *
   * @throws DatabaseException when the database refuses or is away
   */
  public static <T> T over(Connection connection, Function<Handle, T> work) {
    try (Handle handle = JdbiSetup.open(connection)) {
      return work.apply(handle);
    } catch (JdbiException failed) {
      throw JdbiSetup.translated(failed);
    }
  }

  /**
   * A statement with one text, in the transaction of a connection: the short way of {@link #over},
   * for what the intake waits for.
   */
  public static void execute(Connection connection, String sql, String text) {
    // By hand: for each batch of the collector.
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, text);
      statement.executeUpdate();
    } catch (SQLException failed) {
      throw new DatabaseException(failed);
    }
  }

  /** As {@link #over}, for work of the driver, which knows the failures of the driver. */
  public static <T> T joined(Connection connection, Function<Handle, T> work) throws SQLException {
    try {
      return over(connection, work);
    } catch (DatabaseException failed) {
      throw failed.failure();
    }
  }

  /** Whether a failure is one of the data, which no repetition heals. */
  public static boolean isDataError(SQLException failure) {
    String state = failure.getSQLState();
    return state != null && state.toUpperCase(Locale.ROOT).startsWith("22");
  }

  @Override
  public void close() {
    if (joined == null && source instanceof HikariDataSource pool) {
      pool.close();
    }
  }
}
