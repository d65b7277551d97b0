package io.billingsdk.server.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;

/** Jdbi as this server uses it, and the way out of its exceptions. */
final class JdbiSetup {
  private static final ThreadLocal<Connection> LENT = new ThreadLocal<>();

  /** One for all connections that are lent: each of its own would read each statement again. */
  private static final Jdbi LENDING = lending();

  private JdbiSetup() {}

  /** Over a source of connections. */
  static Jdbi over(DataSource source) {
    return configured(Jdbi.create(source));
  }

  /** A handle over a connection, which stays open and in its transaction. */
  static Handle open(Connection connection) {
    LENT.set(connection);
    try {
      return LENDING.open();
    } finally {
      LENT.remove();
    }
  }

  private static Connection lent() {
    return Objects.requireNonNull(LENT.get(), "a handle over no connection");
  }

  private static Jdbi lending() {
    ConnectionFactory lent =
        new ConnectionFactory() {
          @Override
          public Connection openConnection() {
            return lent();
          }

          @Override
          public void closeConnection(Connection connection) {
            // It is its owner's.
          }
        };
    Jdbi jdbi = configured(Jdbi.create(lent));
    // Otherwise the end of the handle would roll back the owner's work.
    jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    return jdbi;
  }

  private static Jdbi configured(Jdbi jdbi) {
    // Otherwise '<name>' in a statement would be a variable of a template.
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    jdbi.registerArgument(new InstantArguments());
    return jdbi;
  }

  /** Jdbi itself binds a timestamp without a zone, which is read in the zone of the session. */
  private static final class InstantArguments extends AbstractArgumentFactory<Instant> {
    InstantArguments() {
      super(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    @Override
    protected Argument build(Instant value, ConfigRegistry config) {
      return (position, statement, context) ->
          statement.setObject(position, value.atOffset(ZoneOffset.UTC));
    }
  }

  /**
   * What leaves this package instead of a failure of Jdbi, whose message and causes may hold what
   * was bound, and so a secret.
   */
  static RuntimeException translated(JdbiException failed) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable each = failed; each != null && seen.add(each); each = each.getCause()) {
      if (each instanceof SQLException sql) {
        return new DatabaseException(sql);
      }
    }
    IllegalStateException defect =
        new IllegalStateException("a statement is defective: " + failed.getClass().getSimpleName());
    defect.setStackTrace(failed.getStackTrace());
    return defect;
  }
}
